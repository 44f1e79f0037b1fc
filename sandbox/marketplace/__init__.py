"""The Marketplace side: Seller Operations and MCO, with an AWS account of their own (S22, S25-S31).

They read the mails that reach them, make the public zone of a user-friendly name, tell its name servers, and put
the name in the place of the endpoint services' own base names.
"""
