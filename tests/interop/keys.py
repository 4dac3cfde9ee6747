"""Takes keys through their life with the official Python SDK, and checks what they compute.

Signatures and ciphertexts are checked with the Python package `cryptography`, and ciphertexts are
exchanged with this crate by its example `encrypt_file`. The access key is in
ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Prints a line for each step that
succeeds, and ends with status 1 at the first one that does not.
"""

import argparse
import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path

from alibabacloud_kms20160120 import models
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from darabonba.exceptions import DaraException

from connection import add_connection_options, connect

INSTANCE = "kst-fake"
TEXT = "fake plaintext é+/=&%"
# What the example `encrypt_file` encrypts with.
EXAMPLE_CONTEXT = {"purpose": "the example encrypt_file"}
BY_KMS = b"\0"
OAEP_SHA256 = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
OAEP_SHA1 = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)


def expect(step, expected, actual):
    if expected != actual:
        raise SystemExit(f"FAILED {step}: expected {expected!r}, got {actual!r}")
    print(f"ok {step}", flush=True)


def error_code(call, *request):
    """Returns the code of the error that a call ends with."""
    try:
        call(*request)
    except DaraException as error:
        return error.code
    return None


def encoded(data):
    return base64.b64encode(data).decode()


def sha256(message):
    digest = hashes.Hash(hashes.SHA256())
    digest.update(message)
    return digest.finalize()


def create(client, **attributes):
    return client.create_key(models.CreateKeyRequest(**attributes)).body.key_metadata.key_id


def describe(client, key):
    return client.describe_key(models.DescribeKeyRequest(key_id=key)).body.key_metadata


def versions(client, key):
    listed = client.list_key_versions(models.ListKeyVersionsRequest(key_id=key)).body
    return [version.key_version_id for version in listed.key_versions.key_version]


def encrypt(client, key, plaintext, **context):
    return client.encrypt(models.EncryptRequest(key_id=key, plaintext=plaintext, **context)).body.ciphertext_blob


def decrypt(client, blob, **context):
    return client.decrypt(models.DecryptRequest(ciphertext_blob=blob, **context)).body.plaintext


def delete(client, key):
    client.schedule_key_deletion(models.ScheduleKeyDeletionRequest(key_id=key, pending_window_in_days=7))


def life(client, alias):
    tags = json.dumps([{"TagKey": "team", "TagValue": alias}])
    key = create(client, description="created by a test", tags=tags)
    described = describe(client, key)
    expect("create", ("created by a test", "Enabled"), (described.description, described.key_state))
    client.update_key_description(models.UpdateKeyDescriptionRequest(key_id=key, description="changed"))
    expect("change the description", "changed", describe(client, described.arn).description)

    filters = json.dumps([{"Key": "TagValue", "Values": [alias]}, {"Key": "KeyState", "Values": ["Enabled"]}])
    listed = client.list_keys(models.ListKeysRequest(filters=filters, page_size=50)).body
    expect("list", (1, [key]), (listed.total_count, [entry.key_id for entry in listed.keys.key]))
    listed = client.list_resource_tags(models.ListResourceTagsRequest(key_id=key)).body
    expect("list tags", [(key, "team", alias)], [(tag.key_id, tag.tag_key, tag.tag_value) for tag in listed.tags.tag])
    client.tag_resource(models.TagResourceRequest(key_id=key, tags=json.dumps([{"TagKey": "a", "TagValue": "b"}])))
    client.untag_resource(models.UntagResourceRequest(key_id=key, tag_keys=json.dumps(["team"])))
    listed = client.list_resource_tags(models.ListResourceTagsRequest(key_id=key)).body
    expect("change tags", ["a"], [tag.tag_key for tag in listed.tags.tag])

    client.create_alias(models.CreateAliasRequest(alias_name=alias, key_id=key))
    again = models.CreateAliasRequest(alias_name=alias, key_id=key)
    expect("create an alias again", "AliasAlreadyExists", error_code(client.create_alias, again))
    other = create(client)
    client.update_alias(models.UpdateAliasRequest(alias_name=alias, key_id=other))
    expect("move an alias", other, describe(client, alias).key_id)
    of_key = client.list_aliases_by_key_id(models.ListAliasesByKeyIdRequest(key_id=other)).body
    expect("list aliases of a key", [alias], [entry.alias_name for entry in of_key.aliases.alias])
    every = client.list_aliases(models.ListAliasesRequest(page_size=100)).body
    expect("list aliases", True, alias in [entry.alias_name for entry in every.aliases.alias])
    client.delete_alias(models.DeleteAliasRequest(alias_name=alias))
    missing = models.DescribeKeyRequest(key_id=alias)
    expect("delete an alias", "Forbidden.AliasNotFound", error_code(client.describe_key, missing))

    client.disable_key(models.DisableKeyRequest(key_id=key))
    request = models.EncryptRequest(key_id=key, plaintext=TEXT)
    expect("encrypt by a disabled key", "Rejected.Disabled", error_code(client.encrypt, request))
    client.enable_key(models.EnableKeyRequest(key_id=key))
    expect("enable", "Enabled", describe(client, key).key_state)

    protect = models.SetDeletionProtectionRequest(key_id=key, enable_deletion_protection=True)
    client.set_deletion_protection(protect)
    schedule = models.ScheduleKeyDeletionRequest(key_id=key, pending_window_in_days=7)
    code = error_code(client.schedule_key_deletion, schedule)
    expect("schedule the deletion of a protected key", "Rejected.StateModifiedFailed", code)
    protect.enable_deletion_protection = False
    client.set_deletion_protection(protect)
    delete(client, key)
    expect("schedule a deletion", "PendingDeletion", describe(client, key).key_state)
    client.cancel_key_deletion(models.CancelKeyDeletionRequest(key_id=key))
    expect("cancel a deletion", "Enabled", describe(client, key).key_state)
    delete(client, key)
    delete(client, other)


def rotation(client):
    key = create(client, dkmsinstance_id=INSTANCE, enable_automatic_rotation=True, rotation_interval="7d")
    described = describe(client, key)
    expect("rotate automatically", ("Enabled", "604800s"), (described.automatic_rotation, described.rotation_interval))
    blob = encrypt(client, key, TEXT)
    first = described.primary_key_version
    created = client.create_key_version(models.CreateKeyVersionRequest(key_id=key)).body.key_version
    expect("create a version", created.key_version_id, describe(client, key).primary_key_version)
    expect("list versions", {first, created.key_version_id}, set(versions(client, key)))
    request = models.DescribeKeyVersionRequest(key_id=key, key_version_id=first)
    expect("describe a version", first, client.describe_key_version(request).body.key_version.key_version_id)
    expect("decrypt by an earlier version", TEXT, decrypt(client, blob))
    off = models.UpdateRotationPolicyRequest(key_id=key, enable_automatic_rotation=False)
    client.update_rotation_policy(off)
    expect("stop rotation", "Disabled", describe(client, key).automatic_rotation)

    policy = json.dumps({"Version": "1", "Statement": []})
    client.set_key_policy(models.SetKeyPolicyRequest(key_id=key, policy=policy))
    expect("policy", policy, client.get_key_policy(models.GetKeyPolicyRequest(key_id=key)).body.policy)
    delete(client, key)


def symmetric(client):
    key, other = create(client), create(client)
    context = {"order": "7", "é": "a b+c"}
    blob = encrypt(client, key, TEXT, encryption_context=context)
    response = client.decrypt(models.DecryptRequest(ciphertext_blob=blob, encryption_context=context)).body
    version = describe(client, key).primary_key_version
    expect("decrypt", (TEXT, key, version), (response.plaintext, response.key_id, response.key_version_id))
    expect("begin of a ciphertext", version, base64.b64decode(blob)[:36].decode())
    wrong = models.DecryptRequest(ciphertext_blob=blob, encryption_context={"order": "8"})
    expect("decrypt with another context", "InvalidParameter", error_code(client.decrypt, wrong))
    dry = models.EncryptRequest(key_id=key, plaintext=TEXT, dry_run="true")
    expect("dry run", "DryRunOperationError", error_code(client.encrypt, dry))

    moved = client.re_encrypt(
        models.ReEncryptRequest(ciphertext_blob=blob, source_encryption_context=context, destination_key_id=other)
    ).body
    expect("encrypt for another key", TEXT, decrypt(client, moved.ciphertext_blob))

    data_key = client.generate_data_key(models.GenerateDataKeyRequest(key_id=key, number_of_bytes=24)).body
    expect("data key", 24, len(base64.b64decode(data_key.plaintext)))
    expect("decrypt a data key", data_key.plaintext, decrypt(client, data_key.ciphertext_blob))
    request = models.GenerateDataKeyWithoutPlaintextRequest(key_id=key, key_spec="AES_128")
    blob = client.generate_data_key_without_plaintext(request).body.ciphertext_blob
    expect("data key without plaintext", 16, len(base64.b64decode(decrypt(client, blob))))

    private = rsa.generate_private_key(65537, 2048)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    wrapping = dict(
        public_key_blob=encoded(public), wrapping_key_spec="RSA_2048", wrapping_algorithm="RSAES_OAEP_SHA_256"
    )
    exported = client.export_data_key(
        models.ExportDataKeyRequest(ciphertext_blob=data_key.ciphertext_blob, **wrapping)
    ).body.exported_data_key
    opened = private.decrypt(base64.b64decode(exported), OAEP_SHA256)
    expect("export a data key", base64.b64decode(data_key.plaintext), opened)
    generated = client.generate_and_export_data_key(
        models.GenerateAndExportDataKeyRequest(key_id=key, number_of_bytes=16, **wrapping)
    ).body
    opened = private.decrypt(base64.b64decode(generated.exported_data_key), OAEP_SHA256)
    expect("generate and export", decrypt(client, generated.ciphertext_blob), encoded(opened))
    delete(client, other)
    return key


def both_clients(client, key, options):
    """Ciphertexts of this crate are decrypted by the SDK, and the other way round."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "file")
        file.write_text(TEXT, encoding="utf-8")
        crate = [options.encrypt_file, "--endpoint", options.endpoint, "--key", key]
        subprocess.run([*crate, file], check=True, capture_output=True)
        encrypted = Path(folder, "file.encrypted").read_bytes()
        plaintext = decrypt(client, encoded(encrypted[1:]), encryption_context=EXAMPLE_CONTEXT)
        expect("decrypt what this crate encrypted", TEXT, base64.b64decode(plaintext).decode())

        text = encoded(TEXT.encode())
        blob = base64.b64decode(encrypt(client, key, text, encryption_context=EXAMPLE_CONTEXT))
        file.write_bytes(BY_KMS + blob)
        subprocess.run([*crate, "--decrypt", file], check=True, capture_output=True)
        decrypted = Path(folder, "file.decrypted").read_text(encoding="utf-8")
        expect("encrypt for this crate", TEXT, decrypted)


def public_key(client, key, version):
    request = models.GetPublicKeyRequest(key_id=key, key_version_id=version)
    return serialization.load_pem_public_key(client.get_public_key(request).body.public_key.encode())


def is_valid(verify, *arguments):
    try:
        verify(*arguments)
    except InvalidSignature:
        return False
    return True


def signatures(client):
    digest = sha256(b"fake message")
    hashed = Prehashed(hashes.SHA256())
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)
    for spec, algorithm, arguments in [
        ("RSA_2048", "RSA_PSS_SHA_256", (pss, hashed)),
        ("RSA_3072", "RSA_PKCS1_SHA_256", (padding.PKCS1v15(), hashed)),
        ("EC_P256", "ECDSA_SHA_256", (ec.ECDSA(hashed),)),
        ("EC_P256K", "ECDSA_SHA_256", (ec.ECDSA(hashed),)),
    ]:
        key = create(client, key_spec=spec, dkmsinstance_id=INSTANCE)
        named = dict(key_id=key, key_version_id=versions(client, key)[0], algorithm=algorithm, digest=encoded(digest))
        value = client.asymmetric_sign(models.AsymmetricSignRequest(**named)).body.value
        public = public_key(client, key, named["key_version_id"])
        verified = is_valid(public.verify, base64.b64decode(value), digest, *arguments)
        expect(f"verify {algorithm} of {spec} without KMS", True, verified)
        verify = models.AsymmetricVerifyRequest(**named, value=value)
        expect(f"verify {algorithm} of {spec}", True, client.asymmetric_verify(verify).body.value)
        verify.digest = encoded(sha256(b"fake other message"))
        expect(f"reject a signature of {spec}", False, client.asymmetric_verify(verify).body.value)
        delete(client, key)
    unsupported = models.CreateKeyRequest(key_spec="EC_SM2", dkmsinstance_id=INSTANCE)
    expect("create a key of SM2", "UnsupportedOperation", error_code(client.create_key, unsupported))


def asymmetric_encryption(client):
    key = create(client, key_spec="RSA_2048", key_usage="ENCRYPT/DECRYPT", dkmsinstance_id=INSTANCE)
    version = versions(client, key)[0]
    for algorithm, scheme in [("RSAES_OAEP_SHA_256", OAEP_SHA256), ("RSAES_OAEP_SHA_1", OAEP_SHA1)]:
        named = dict(key_id=key, key_version_id=version, algorithm=algorithm)
        local = encoded(public_key(client, key, version).encrypt(TEXT.encode(), scheme))
        request = models.AsymmetricDecryptRequest(**named, ciphertext_blob=local)
        plaintext = base64.b64decode(client.asymmetric_decrypt(request).body.plaintext).decode()
        expect(f"decrypt {algorithm} of another library", TEXT, plaintext)
        request = models.AsymmetricEncryptRequest(**named, plaintext=encoded(TEXT.encode()))
        blob = client.asymmetric_encrypt(request).body.ciphertext_blob
        request = models.AsymmetricDecryptRequest(**named, ciphertext_blob=blob)
        plaintext = base64.b64decode(client.asymmetric_decrypt(request).body.plaintext).decode()
        expect(f"decrypt {algorithm}", TEXT, plaintext)
    delete(client, key)


def macs(client):
    key = create(client, key_spec="HMAC_SHA_256", dkmsinstance_id=INSTANCE)
    named = dict(key_id=key, algorithm="HMAC_SHA_256", message=encoded(TEXT.encode()))
    mac = client.generate_mac(models.GenerateMacRequest(**named)).body.mac
    expect("MAC", 32, len(base64.b64decode(mac)))
    verify = models.VerifyMacRequest(**named, mac=mac)
    expect("verify a MAC", True, client.verify_mac(verify).body.value)
    verify.message = encoded(b"fake other message")
    expect("reject a MAC", False, client.verify_mac(verify).body.value)
    delete(client, key)


def imports(client):
    """Imports a symmetric key, which then decrypts again after its material was deleted."""
    key = create(client, origin="EXTERNAL")
    material = os.urandom(32)
    request = models.GetParametersForImportRequest(
        key_id=key, wrapping_key_spec="RSA_2048", wrapping_algorithm="RSAES_OAEP_SHA_256"
    )
    parameters = client.get_parameters_for_import(request).body
    public = serialization.load_der_public_key(base64.b64decode(parameters.public_key))

    def import_request(material):
        return models.ImportKeyMaterialRequest(
            key_id=key,
            import_token=parameters.import_token,
            encrypted_key_material=encoded(public.encrypt(material, OAEP_SHA256)),
        )

    client.import_key_material(import_request(material))
    expect("import", "Enabled", describe(client, key).key_state)
    blob = encrypt(client, key, TEXT)
    client.delete_key_material(models.DeleteKeyMaterialRequest(key_id=key))
    expect("delete material", "PendingImport", describe(client, key).key_state)
    code = error_code(client.import_key_material, import_request(os.urandom(32)))
    expect("import other material", "InvalidKeyMaterial", code)
    client.import_key_material(import_request(material))
    expect("import the same material", TEXT, decrypt(client, blob))
    delete(client, key)


def imported_private_key(client):
    """Imports a private key, whose signatures its public key then verifies."""
    key = create(client, origin="EXTERNAL", key_spec="EC_P256K", dkmsinstance_id=INSTANCE)
    private = ec.generate_private_key(ec.SECP256K1())
    request = models.GetParametersForImportRequest(
        key_id=key, wrapping_key_spec="RSA_2048", wrapping_algorithm="RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD"
    )
    parameters = client.get_parameters_for_import(request).body
    public = serialization.load_der_public_key(base64.b64decode(parameters.public_key))
    pkcs8 = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    filling = 16 - len(pkcs8) % 16
    aes_key = os.urandom(32)
    encryptor = Cipher(algorithms.AES(aes_key), modes.ECB()).encryptor()
    wrapped = public.encrypt(aes_key, OAEP_SHA256) + encryptor.update(pkcs8 + bytes([filling]) * filling)
    client.import_key_material(
        models.ImportKeyMaterialRequest(
            key_id=key, import_token=parameters.import_token, encrypted_key_material=encoded(wrapped)
        )
    )
    version = versions(client, key)[0]
    expect("import a private key", private.public_key(), public_key(client, key, version))
    digest = sha256(b"fake message")
    request = models.AsymmetricSignRequest(
        key_id=key, key_version_id=version, algorithm="ECDSA_SHA_256", digest=encoded(digest)
    )
    value = base64.b64decode(client.asymmetric_sign(request).body.value)
    hashed = ec.ECDSA(Prehashed(hashes.SHA256()))
    verified = is_valid(private.public_key().verify, value, digest, hashed)
    expect("verify a signature by an imported key", True, verified)
    delete(client, key)


def others(client):
    status = client.describe_account_kms_status().body.account_status
    expect("status of the account", "Enabled", status)
    expect("open the service again", "Forbidden.Opened", error_code(client.open_kms_service))
    challenge = client.get_challenge(models.GetChallengeRequest()).body
    expect("challenge", True, bool(challenge.nonce and challenge.challenge_token))
    for call, request in [
        (client.get_managed_data_key, models.GetManagedDataKeyRequest(data_key_name="fake")),
        (client.list_managed_data_key_versions, models.ListManagedDataKeyVersionsRequest(data_key_name="fake")),
    ]:
        expect("missing managed data key", "Forbidden.ResourceNotFound", error_code(call, request))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add_connection_options(parser)
    parser.add_argument("--encrypt-file", required=True, help="the example encrypt_file of this crate, built")
    options = parser.parse_args()
    client = connect(options)
    life(client, f"alias/interop-{options.signature.replace('.', '-')}-{'async' if options.asynchronous else 'sync'}")
    rotation(client)
    key = symmetric(client)
    both_clients(client, key, options)
    delete(client, key)
    signatures(client)
    asymmetric_encryption(client)
    macs(client)
    imports(client)
    imported_private_key(client)
    others(client)


main()
