"""What DNS really says about the names of a product: records, delegations, name servers, certificates' names.

Pure: dnspython, publicsuffixlist and the formats of `sellers`; no Django, Celery, models or boto3. What the network
does is a value or a sentence, never an exception. A name is written absolute, in lower case, without its final dot.
"""
