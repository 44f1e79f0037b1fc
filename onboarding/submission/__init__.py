"""The submission to Seller Operations (S25-S31): its facts, readiness, mail and what differs between versions. Pure."""
