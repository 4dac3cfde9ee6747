"""Clients of the official Python SDK for any endpoint."""

import asyncio
import os
from urllib.parse import urlsplit

from alibabacloud_kms20160120.client import Client
from alibabacloud_tea_openapi.utils_models import Config

# The SDK's names: its default is ACS3-HMAC-SHA256, and it calls signature version 1.0 v2.
SIGNATURES = {"acs3": None, "1.0": "v2"}


class BlockingClient:
    """Calls the asynchronous methods, which use aiohttp, and waits for each."""

    def __init__(self, client):
        self.client = client
        self.loop = asyncio.new_event_loop()

    def __getattr__(self, name):
        method = getattr(self.client, f"{name}_async")
        return lambda *arguments: self.loop.run_until_complete(method(*arguments))


def add_connection_options(parser):
    parser.add_argument("--endpoint", required=True, help="such as http://127.0.0.1:8080")
    parser.add_argument("--signature", choices=SIGNATURES, default="acs3")
    parser.add_argument("--asynchronous", action="store_true", help="use the SDK's asynchronous methods")


def connect(options):
    url = urlsplit(options.endpoint)
    client = Client(
        Config(
            access_key_id=os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
            access_key_secret=os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
            protocol=url.scheme,
            endpoint=url.netloc,
            signature_algorithm=SIGNATURES[options.signature],
        )
    )
    return BlockingClient(client) if options.asynchronous else client
