"""Lists the secrets of all pages with the official Python SDK, by either signature version.

The access key is in ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Prints the
names as a JSON array, in the order of the listing. If the service rejects a call, ends with status 1
and the error's code on standard error.
"""

import argparse
import json
import sys

from alibabacloud_kms20160120.models import ListSecretsRequest
from darabonba.exceptions import DaraException

from connection import add_connection_options, connect

FILTERS = {
    "name": "SecretName",
    "description": "Description",
    "tag_key": "TagKey",
    "tag_value": "TagValue",
    "type": "SecretType",
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_connection_options(parser)
    parser.add_argument("--page-size", type=int, default=100)
    for option, key in FILTERS.items():
        parser.add_argument(f"--{option.replace('_', '-')}", action="append", metavar="VALUE", help=f"filter by {key}")
    return parser.parse_args()


def list_names(client, filters, page_size):
    names = []
    page_number = 1
    while True:
        page = client.list_secrets(
            ListSecretsRequest(
                filters=json.dumps(filters, ensure_ascii=False) if filters else None,
                page_number=page_number,
                page_size=page_size,
            )
        ).body
        secrets = page.secret_list.secret or []
        names += [secret.secret_name for secret in secrets]
        if len(secrets) < page_size:
            if len(names) != page.total_count:
                sys.exit(f"{len(names)} secrets listed, TotalCount is {page.total_count}")
            return names
        page_number += 1


def main():
    options = parse_arguments()
    values = {key: getattr(options, option) for option, key in FILTERS.items()}
    filters = [{"Key": key, "Values": listed} for key, listed in values.items() if listed]
    client = connect(options)
    try:
        names = list_names(client, filters, options.page_size)
    except DaraException as error:
        sys.exit(error.code)
    print(json.dumps(names, ensure_ascii=False))


main()
