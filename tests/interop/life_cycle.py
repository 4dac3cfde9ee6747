"""Creates, changes and deletes secrets with the official Python SDK, and checks each response.

The access key is in ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Prints a line
for each step that succeeds, and ends with status 1 at the first one that does not.
"""

import argparse
import json

from alibabacloud_kms20160120 import models
from darabonba.exceptions import DaraException

from connection import add_connection_options, connect

# No encoding of parameters may change it.
VALUE_OF_A_TAG = "core/密=+@"
VALUE = 'fake value é & = + % * ~ "quoted"'


def expect(step, expected, actual):
    if expected != actual:
        raise SystemExit(f"FAILED {step}: expected {expected!r}, got {actual!r}")
    print(f"ok {step}", flush=True)


def error_code(call, request):
    """Returns the code of the error that a call ends with."""
    try:
        call(request)
    except DaraException as error:
        return error.code
    return None


def stages(client, name):
    response = client.list_secret_version_ids(models.ListSecretVersionIdsRequest(secret_name=name, include_deprecated="true"))
    versions = response.body.version_ids.version_id
    return {version.version_id: sorted(version.version_stages.version_stage or []) for version in versions}


def read(client, name, **which):
    return client.get_secret_value(models.GetSecretValueRequest(secret_name=name, **which)).body


def tags(client, name):
    response = client.describe_secret(models.DescribeSecretRequest(secret_name=name, fetch_tags="true")).body
    return {tag.tag_key: tag.tag_value for tag in (response.tags.tag if response.tags else None) or []}


def generic(client, name):
    created = client.create_secret(
        models.CreateSecretRequest(
            secret_name=name,
            version_id="v1",
            secret_data=VALUE,
            description="created by a test",
            tags=json.dumps([{"TagKey": "team", "TagValue": "core"}]),
        )
    ).body
    expect("create", ("v1", "Generic"), (created.version_id, created.secret_type))
    again = models.CreateSecretRequest(secret_name=name, version_id="v1", secret_data=VALUE)
    expect("create again", "Rejected.ResourceExist", error_code(client.create_secret, again))

    filters = json.dumps([{"Key": "SecretName", "Values": [name]}])
    listed = client.list_secrets(models.ListSecretsRequest(filters=filters)).body
    expect("list", [name], [secret.secret_name for secret in listed.secret_list.secret])
    described = client.describe_secret(models.DescribeSecretRequest(secret_name=name)).body
    expect("describe", ("created by a test", created.arn), (described.description, described.arn))
    expect("read", VALUE, read(client, name).secret_data)
    expect("read by ARN", VALUE, read(client, created.arn).secret_data)

    put = models.PutSecretValueRequest(secret_name=name, version_id="v2", secret_data="fake second")
    expect("put", ["ACSCurrent"], client.put_secret_value(put).body.version_stages.version_stage)
    client.put_secret_value(put)
    put.secret_data = "fake other"
    expect("put another value as the same version", "Rejected.ResourceExist", error_code(client.put_secret_value, put))
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
    expect("delete again", "Rejected.ResourceInDeleteWindow", error_code(client.delete_secret, models.DeleteSecretRequest(secret_name=name)))
    client.restore_secret(models.RestoreSecretRequest(secret_name=name))
    expect("restore", VALUE, read(client, name).secret_data)
    client.delete_secret(models.DeleteSecretRequest(secret_name=name, force_delete_without_recovery="true"))
    missing = models.DescribeSecretRequest(secret_name=name)
    expect("delete without a recovery window", "Forbidden.ResourceNotFound", error_code(client.describe_secret, missing))


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


def several_resources(client, names):
    """Tags several secrets at a time."""
    for name in names:
        client.create_secret(models.CreateSecretRequest(secret_name=name, version_id="v1", secret_data=VALUE))
    common = {"region_id": "cn-hangzhou", "resource_type": "secret"}
    tag = models.TagResourcesRequestTag(key="team", value=VALUE_OF_A_TAG)
    client.tag_resources(models.TagResourcesRequest(**common, resource_id=names, tag=[tag]))
    wanted = models.ListTagResourcesRequestTag(key="team", value=VALUE_OF_A_TAG)
    listed = models.ListTagResourcesRequest(**common, tag=[wanted])
    rows = client.list_tag_resources(listed).body.tag_resources.tag_resource
    expect("tag several", sorted(names), sorted(row.resource_id for row in rows))
    client.untag_resources(models.UntagResourcesRequest(**common, resource_id=names[:1], tag_key=["team"]))
    rows = client.list_tag_resources(listed).body.tag_resources.tag_resource
    expect("untag several", names[1:], [row.resource_id for row in rows])
    for name in names:
        client.delete_secret(models.DeleteSecretRequest(secret_name=name, force_delete_without_recovery="true"))


def batch(client, name):
    """Reads several secrets in one call, one of which does not exist."""
    client.create_secret(models.CreateSecretRequest(secret_name=name, version_id="v1", secret_data=VALUE))
    client.put_secret_value(models.PutSecretValueRequest(secret_name=name, version_id="v2", secret_data="fake second"))
    secrets = [
        models.BatchGetSecretValueRequestSecretsList(secret_name=name, version_stage="ACSPrevious"),
        models.BatchGetSecretValueRequestSecretsList(secret_name=f"{name}-missing"),
    ]
    body = client.batch_get_secret_value(models.BatchGetSecretValueRequest(secrets_list=secrets)).body
    read = [(secret.secret_name, secret.version_id, secret.secret_data) for secret in body.secret_values]
    expect("read several", [(name, "v1", VALUE)], read)
    errors = [(error.secret_name, error.code) for error in body.errors]
    expect("read a missing one of several", [(f"{name}-missing", "Forbidden.ResourceNotFound")], errors)
    client.delete_secret(models.DeleteSecretRequest(secret_name=name, force_delete_without_recovery="true"))


def policies(client, name):
    """Sets the policy of a secret in a KMS instance."""
    client.create_secret(
        models.CreateSecretRequest(
            secret_name=name, version_id="v1", secret_data=VALUE, dkmsinstance_id="kst-fake", encryption_key_id="key-fake"
        )
    )
    policy = json.dumps({"Version": "1", "Statement": []})
    client.set_secret_policy(models.SetSecretPolicyRequest(secret_name=name, policy=policy))
    read = client.get_secret_policy(models.GetSecretPolicyRequest(secret_name=name)).body.policy
    expect("policy", policy, read)
    client.delete_secret(models.DeleteSecretRequest(secret_name=name, force_delete_without_recovery="true"))


def others(client):
    no_key = models.ListResourceTagsRequest(key_id="fake-key")
    expect("tags of a key", "Forbidden.KeyNotFound", error_code(client.list_resource_tags, no_key))
    password = client.get_random_password(models.GetRandomPasswordRequest(password_length="24")).body.random_password
    expect("random password", 24, len(password))
    regions = client.describe_regions().body.regions.region
    expect("regions", True, "cn-hangzhou" in [region.region_id for region in regions])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_connection_options(parser)
    options = parser.parse_args()
    client = connect(options)
    prefix = f"interop/python-{options.signature}"
    generic(client, prefix)
    managed(client, f"{prefix}-rds")
    several_resources(client, [f"{prefix}-a", f"{prefix}-b"])
    batch(client, f"{prefix}-batch")
    policies(client, f"{prefix}-policy")
    others(client)


main()
