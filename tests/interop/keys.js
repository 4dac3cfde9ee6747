// Takes keys through their life with one of the official Node packages, and checks what they compute.
//
// usage: node keys.js ENDPOINT (kms20160120 | pop-core-get | pop-core-post)
//
// The access key is in ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Prints a line
// for each step that succeeds, and ends with status 1 at the first one that does not.

'use strict';

const crypto = require('node:crypto');
const { errorCode, expect, run } = require('./connection.js');

const INSTANCE = { DKMSInstanceId: 'kst-fake' };
const TEXT = 'fake plaintext é & = + % "quoted"';
const MESSAGE = Buffer.from('fake message');
const OAEP = { padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };

const base64 = (data) => Buffer.from(data).toString('base64');
const bytes = (text) => Buffer.from(text, 'base64');
const digest = (message) => crypto.createHash('sha256').update(message).digest();
const create = async (call, attributes) => (await call('CreateKey', attributes)).KeyMetadata.KeyId;
const remove = (call, KeyId) => call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: '7' });

async function life(call, AliasName) {
  const Tags = JSON.stringify([{ TagKey: 'team', TagValue: AliasName }]);
  const KeyId = await create(call, { Description: 'created by a test', Tags });
  const describe = async (name) => (await call('DescribeKey', { KeyId: name })).KeyMetadata;
  const state = async () => (await describe(KeyId)).KeyState;
  expect('create', ['created by a test', 'Enabled'], [(await describe(KeyId)).Description, await state()]);
  await call('UpdateKeyDescription', { KeyId, Description: 'changed' });
  expect('change the description', 'changed', (await describe(KeyId)).Description);
  const Filters = JSON.stringify([{ Key: 'TagValue', Values: [AliasName] }]);
  const listed = await call('ListKeys', { Filters });
  expect('list', [KeyId], listed.Keys.Key.map((key) => key.KeyId));
  const tags = await call('ListResourceTags', { KeyId });
  expect('list tags', [[KeyId, 'team', AliasName]], tags.Tags.Tag.map((tag) => [tag.KeyId, tag.TagKey, tag.TagValue]));

  await call('CreateAlias', { AliasName, KeyId });
  expect('create an alias again', 'AliasAlreadyExists', await errorCode(call, 'CreateAlias', { AliasName, KeyId }));
  expect('find by an alias', KeyId, (await describe(AliasName)).KeyId);
  await call('UpdateAlias', { AliasName, KeyId });
  const ofKey = await call('ListAliasesByKeyId', { KeyId });
  expect('list aliases of a key', [AliasName], ofKey.Aliases.Alias.map((alias) => alias.AliasName));
  const every = await call('ListAliases', { PageSize: '100' });
  expect('list aliases', true, every.Aliases.Alias.some((alias) => alias.AliasName === AliasName));
  await call('DeleteAlias', { AliasName });
  expect('delete an alias', 'Forbidden.AliasNotFound', await errorCode(call, 'DescribeKey', { KeyId: AliasName }));

  await call('DisableKey', { KeyId });
  const rejected = await errorCode(call, 'Encrypt', { KeyId, Plaintext: TEXT });
  expect('encrypt by a disabled key', 'Rejected.Disabled', rejected);
  await call('EnableKey', { KeyId });
  await call('SetDeletionProtection', { KeyId, EnableDeletionProtection: 'true' });
  expect('protect', 'Enabled', (await describe(KeyId)).DeletionProtection);
  await call('SetDeletionProtection', { KeyId, EnableDeletionProtection: 'false' });
  await remove(call, KeyId);
  expect('schedule a deletion', 'PendingDeletion', await state());
  await call('CancelKeyDeletion', { KeyId });
  expect('cancel a deletion', 'Enabled', await state());
  await remove(call, KeyId);
}

async function rotation(call) {
  const KeyId = await create(call, INSTANCE);
  await call('UpdateRotationPolicy', { KeyId, EnableAutomaticRotation: 'true', RotationInterval: '30d' });
  const described = (await call('DescribeKey', { KeyId })).KeyMetadata;
  expect('rotation policy', ['Enabled', '2592000s'], [described.AutomaticRotation, described.RotationInterval]);
  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: TEXT });
  const { KeyVersionId } = (await call('CreateKeyVersion', { KeyId })).KeyVersion;
  const version = await call('DescribeKeyVersion', { KeyId, KeyVersionId });
  expect('create a version', KeyVersionId, version.KeyVersion.KeyVersionId);
  const listed = await call('ListKeyVersions', { KeyId });
  expect('list versions', 2, listed.TotalCount);
  expect('decrypt by an earlier version', TEXT, (await call('Decrypt', { CiphertextBlob })).Plaintext);
  const Policy = JSON.stringify({ Version: '1', Statement: [] });
  await call('SetKeyPolicy', { KeyId, Policy });
  expect('policy', Policy, (await call('GetKeyPolicy', { KeyId })).Policy);
  await remove(call, KeyId);
}

async function symmetric(call) {
  const KeyId = await create(call, {});
  const EncryptionContext = JSON.stringify({ order: '7', é: 'a b+c' });
  const encrypted = await call('Encrypt', { KeyId, Plaintext: TEXT, EncryptionContext });
  const { CiphertextBlob } = encrypted;
  expect('decrypt', TEXT, (await call('Decrypt', { CiphertextBlob, EncryptionContext })).Plaintext);
  expect('begin of a ciphertext', encrypted.KeyVersionId, bytes(CiphertextBlob).subarray(0, 36).toString());
  expect('decrypt without the context', 'InvalidParameter', await errorCode(call, 'Decrypt', { CiphertextBlob }));
  const moved = await call('ReEncrypt', {
    CiphertextBlob,
    SourceEncryptionContext: EncryptionContext,
    DestinationKeyId: KeyId,
  });
  expect('encrypt again', TEXT, (await call('Decrypt', { CiphertextBlob: moved.CiphertextBlob })).Plaintext);

  const dataKey = await call('GenerateDataKey', { KeyId, NumberOfBytes: '24' });
  expect('data key', 24, bytes(dataKey.Plaintext).length);
  const withoutPlaintext = await call('GenerateDataKeyWithoutPlaintext', { KeyId, KeySpec: 'AES_128' });
  const opened = await call('Decrypt', { CiphertextBlob: withoutPlaintext.CiphertextBlob });
  expect('data key without plaintext', 16, bytes(opened.Plaintext).length);

  const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const wrapping = {
    PublicKeyBlob: base64(publicKey.export({ type: 'spki', format: 'der' })),
    WrappingKeySpec: 'RSA_2048',
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
  };
  const unwrap = (exported) => base64(crypto.privateDecrypt({ key: privateKey, ...OAEP }, bytes(exported)));
  const exported = await call('ExportDataKey', { CiphertextBlob: dataKey.CiphertextBlob, ...wrapping });
  expect('export a data key', dataKey.Plaintext, unwrap(exported.ExportedDataKey));
  const generated = await call('GenerateAndExportDataKey', { KeyId, NumberOfBytes: '16', ...wrapping });
  const plaintext = (await call('Decrypt', { CiphertextBlob: generated.CiphertextBlob })).Plaintext;
  expect('generate and export', plaintext, unwrap(generated.ExportedDataKey));
  await remove(call, KeyId);
}

async function asymmetric(call) {
  const pss = { padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  for (const [KeySpec, Algorithm, options] of [
    ['RSA_2048', 'RSA_PSS_SHA_256', pss],
    ['EC_P256', 'ECDSA_SHA_256', {}],
    ['EC_P256K', 'ECDSA_SHA_256', {}],
  ]) {
    const KeyId = await create(call, { ...INSTANCE, KeySpec });
    const [{ KeyVersionId }] = (await call('ListKeyVersions', { KeyId })).KeyVersions.KeyVersion;
    const named = { KeyId, KeyVersionId, Algorithm, Digest: base64(digest(MESSAGE)) };
    const { Value } = await call('AsymmetricSign', named);
    const { PublicKey: key } = await call('GetPublicKey', { KeyId, KeyVersionId });
    expect(`verify a signature of ${KeySpec} without KMS`, true, crypto.verify('sha256', MESSAGE, { key, ...options }, bytes(Value)));
    expect(`verify a signature of ${KeySpec}`, true, (await call('AsymmetricVerify', { ...named, Value })).Value);
    await remove(call, KeyId);
  }
  const KeyId = await create(call, { ...INSTANCE, KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT/DECRYPT' });
  const [{ KeyVersionId }] = (await call('ListKeyVersions', { KeyId })).KeyVersions.KeyVersion;
  const named = { KeyId, KeyVersionId, Algorithm: 'RSAES_OAEP_SHA_256' };
  const { CiphertextBlob } = await call('AsymmetricEncrypt', { ...named, Plaintext: base64(TEXT) });
  const decrypted = await call('AsymmetricDecrypt', { ...named, CiphertextBlob });
  expect('decrypt by a private key', TEXT, bytes(decrypted.Plaintext).toString());
  await remove(call, KeyId);
}

async function macs(call) {
  const KeyId = await create(call, { ...INSTANCE, KeySpec: 'HMAC_SHA_256' });
  const named = { KeyId, Algorithm: 'HMAC_SHA_256', Message: base64(TEXT) };
  const { Mac } = await call('GenerateMac', named);
  expect('verify a MAC', true, (await call('VerifyMac', { ...named, Mac })).Value);
  await remove(call, KeyId);
}

async function imports(call) {
  const KeyId = await create(call, { Origin: 'EXTERNAL' });
  const parameters = await call('GetParametersForImport', {
    KeyId,
    WrappingKeySpec: 'RSA_2048',
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
  });
  const key = crypto.createPublicKey({ key: bytes(parameters.PublicKey), format: 'der', type: 'spki' });
  const EncryptedKeyMaterial = base64(crypto.publicEncrypt({ key, ...OAEP }, crypto.randomBytes(32)));
  const { ImportToken } = parameters;
  await call('ImportKeyMaterial', { KeyId, EncryptedKeyMaterial, ImportToken });
  const { CiphertextBlob } = await call('Encrypt', { KeyId, Plaintext: TEXT });
  await call('DeleteKeyMaterial', { KeyId });
  expect('delete material', 'Rejected.PendingImport', await errorCode(call, 'Decrypt', { CiphertextBlob }));
  await call('ImportKeyMaterial', { KeyId, EncryptedKeyMaterial, ImportToken });
  expect('import the same material', TEXT, (await call('Decrypt', { CiphertextBlob })).Plaintext);
  await remove(call, KeyId);
}

async function others(call) {
  expect('status of the account', 'Enabled', (await call('DescribeAccountKmsStatus', {})).AccountStatus);
  expect('open the service again', 'Forbidden.Opened', await errorCode(call, 'OpenKmsService', {}));
  expect('challenge', true, Boolean((await call('GetChallenge', {})).Nonce));
  for (const action of ['GetManagedDataKey', 'ListManagedDataKeyVersions']) {
    const missing = await errorCode(call, action, { DataKeyName: 'fake' });
    expect('missing managed data key', 'Forbidden.ResourceNotFound', missing);
  }
}

run(async (call, client) => {
  await life(call, `alias/interop-node-${client}`);
  await rotation(call);
  await symmetric(call);
  await asymmetric(call);
  await macs(call);
  await imports(call);
  await others(call);
});
