"""The environment of the tests, set before Django reads its settings (`tests.settings` imports this module first)."""

import os
import tempfile
from pathlib import Path

os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 40
os.environ.setdefault("AWS_ACCESS_KEY_ID", "tests")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "tests")
os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["LOG_LEVEL"] = "ERROR"
os.environ["SELLER_OPS_EMAIL"] = "ops@marketplace.example"
for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN", "PROBE_PROXY", "HUB_PRINCIPAL_ARN"):
    os.environ.pop(name, None)

if os.environ.get("TEST_DATABASE") == "postgresql":
    from tests.services import postgres

    os.environ["DATABASE_URL"] = postgres()
else:
    here = Path(tempfile.gettempdir()) / f"plc-tests-{os.getuid()}"
    here.mkdir(exist_ok=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{here / 'unused.sqlite3'}"
