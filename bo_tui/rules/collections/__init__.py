"""The collectors' work: what is to be done about guarantors' accounts."""
