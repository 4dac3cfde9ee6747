"""A client of the official Python SDK for an endpoint of one's own."""

import os
from urllib.parse import urlsplit

from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.utils_models import Config

# The SDK's names: its default is ACS3-HMAC-SHA256, and it calls signature version 1.0 v2.
SIGNATURES = {"acs3": None, "1.0": "v2"}


def connect(endpoint, signature):
    url = urlsplit(endpoint)
    return Client(
        Config(
            access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            protocol=url.scheme,
            endpoint=url.netloc,
            signature_algorithm=SIGNATURES[signature],
        )
    )
