"""Collections (Alt+M, L): what collectors are to do about guarantors' accounts."""
