"""Pages of referrals: between agencies, and to partners outside."""
