"""The administrator's pages: Collections Admin, External Collection Agencies, Operators."""
