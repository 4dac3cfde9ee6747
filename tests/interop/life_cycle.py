"""Takes a secret through its whole life with the official Python SDK, and checks each answer.

The key comes from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Prints a line for each step that went
well; the first one that does not ends it with status 1.
"""

import argparse
import json

from alibabacloud_kms20160120 import models
from darabonba.exceptions import DaraException

from connection import SIGNATURES, connect

# What no encoding of parameters may change.
VALUE = 'fake value é & = + % * ~ "quoted"'


def expect(step, expected, actual):
    if expected != actual:
        raise SystemExit(f"FAILED {step}: expected {expected!r}, got {actual!r}")
    print(f"ok {step}", flush=True)


def refusal(call, request):
    """The code that a call is refused with."""
    try:
        call(request)
    except DaraException as error:
        return error.code
    return None


def stages(client, name):
    answer = client.list_secret_version_ids(models.ListSecretVersionIdsRequest(secret_name=name, include_deprecated="true"))
    versions = answer.body.version_ids.version_id
    return {version.version_id: sorted(version.version_stages.version_stage or []) for version in versions}


def read(client, name, **which):
    return client.get_secret_value(models.GetSecretValueRequest(secret_name=name, **which)).body


def tags(client, name):
    answer = client.describe_secret(models.DescribeSecretRequest(secret_name=name, fetch_tags="true")).body
    return {tag.tag_key: tag.tag_value for tag in (answer.tags.tag if answer.tags else None) or []}


def generic(client, name):
    created = client.create_secret(
        models.CreateSecretRequest(
            secret_name=name,
            version_id="v1",
            secret_data=VALUE,
            description="made by a test",
            tags=json.dumps([{"TagKey": "team", "TagValue": "core"}]),
        )
    ).body
    expect("create", ("v1", "Generic"), (created.version_id, created.secret_type))
    again = models.CreateSecretRequest(secret_name=name, version_id="v1", secret_data=VALUE)
    expect("create again", "Rejected.ResourceExist", refusal(client.create_secret, again))

    filters = json.dumps([{"Key": "SecretName", "Values": [name]}])
    listed = client.list_secrets(models.ListSecretsRequest(filters=filters)).body
    expect("list", [name], [secret.secret_name for secret in listed.secret_list.secret])
    described = client.describe_secret(models.DescribeSecretRequest(secret_name=name)).body
    expect("describe", ("made by a test", created.arn), (described.description, described.arn))
    expect("read", VALUE, read(client, name).secret_data)
    expect("read by ARN", VALUE, read(client, created.arn).secret_data)

    put = models.PutSecretValueRequest(secret_name=name, version_id="v2", secret_data="fake second")
    expect("put", ["ACSCurrent"], client.put_secret_value(put).body.version_stages.version_stage)
    client.put_secret_value(put)
    put.secret_data = "fake other"
    expect("put another value as the same version", "Rejected.ResourceExist", refusal(client.put_secret_value, put))
    expect("read the new version", "fake second", read(client, name).secret_data)
    expect("read the previous one", VALUE, read(client, name, version_stage="ACSPrevious").secret_data)

    client.update_secret_version_stage(
        models.UpdateSecretVersionStageRequest(secret_name=name, version_stage="ACSCurrent", move_to_version="v1")
    )
    expect("move a stage", {"v1": ["ACSCurrent"], "v2": ["ACSPrevious"]}, stages(client, name))

    client.tag_resource(
        models.TagResourceRequest(secret_name=name, tags=json.dumps([{"TagKey": "stage", "TagValue": "test"}]))
    )
    expect("tag", {"team": "core", "stage": "test"}, tags(client, name))
    client.untag_resource(models.UntagResourceRequest(secret_name=name, tag_keys=json.dumps(["team"])))
    expect("untag", {"stage": "test"}, tags(client, name))
    client.update_secret(models.UpdateSecretRequest(secret_name=name, description="changed"))
    described = client.describe_secret(models.DescribeSecretRequest(secret_name=name)).body
    expect("update", "changed", described.description)

    deleted = client.delete_secret(models.DeleteSecretRequest(secret_name=name, recovery_window_in_days="7")).body
    expect("delete", True, bool(deleted.planned_delete_time))
    expect("delete again", "Rejected.ResourceInDeleteWindow", refusal(client.delete_secret, models.DeleteSecretRequest(secret_name=name)))
    client.restore_secret(models.RestoreSecretRequest(secret_name=name))
    expect("restore", VALUE, read(client, name).secret_data)
    client.delete_secret(models.DeleteSecretRequest(secret_name=name, force_delete_without_recovery="true"))
    missing = models.DescribeSecretRequest(secret_name=name)
    expect("delete for good", "Forbidden.ResourceNotFound", refusal(client.describe_secret, missing))


def managed(client, name):
    client.create_secret(
        models.CreateSecretRequest(
            secret_name=name,
            version_id="v1",
            secret_type="Rds",
            secret_data=json.dumps({"Accounts": [{"AccountName": "fake", "AccountPassword": "fake-password"}]}),
            extended_config={"SecretSubType": "SingleUser", "DBInstanceId": "rm-fake"},
        )
    )
    client.update_secret_rotation_policy(
        models.UpdateSecretRotationPolicyRequest(secret_name=name, enable_automatic_rotation=True, rotation_interval="7d")
    )
    described = client.describe_secret(models.DescribeSecretRequest(secret_name=name)).body
    expect("rotation policy", ("Enabled", "604800s"), (described.automatic_rotation, described.rotation_interval))
    config = json.loads(described.extended_config)
    expect("extended config", "rm-fake", config["DBInstanceId"])
    custom_data = models.UpdateSecretRequestExtendedConfig(custom_data={"Port": "3306", "note": VALUE})
    client.update_secret(models.UpdateSecretRequest(secret_name=name, extended_config=custom_data))
    described = client.describe_secret(models.DescribeSecretRequest(secret_name=name)).body
    expect("custom data", {"Port": "3306", "note": VALUE}, json.loads(described.extended_config)["CustomData"])
    client.rotate_secret(models.RotateSecretRequest(secret_name=name, version_id="v2"))
    expect("rotate", "v2", read(client, name).version_id)
    client.delete_secret(models.DeleteSecretRequest(secret_name=name, force_delete_without_recovery="true"))


def others(client):
    password = client.get_random_password(models.GetRandomPasswordRequest(password_length="24")).body.random_password
    expect("random password", 24, len(password))
    regions = client.describe_regions().body.regions.region
    expect("regions", True, "cn-hangzhou" in [region.region_id for region in regions])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint", required=True, help="such as http://127.0.0.1:8080")
    parser.add_argument("--signature", choices=SIGNATURES, default="acs3")
    arguments = parser.parse_args()
    client = connect(arguments.endpoint, arguments.signature)
    generic(client, f"interop/python-{arguments.signature}")
    managed(client, f"interop/python-{arguments.signature}-rds")
    others(client)


main()
