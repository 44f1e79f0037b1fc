"""A simulated world for running the product without an AWS account: AWS, network, mail, control page.

It imports nothing of the product: the product reaches it over HTTP only, by the addresses in its settings.
"""

import os
from pathlib import Path

# Read by moto at import, so it must be set before: two images of Amazon's instead of hundreds, which saves memory.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
os.environ.setdefault("MOTO_AMIS_PATH", str(Path(__file__).parent / "aws" / "images.json"))
