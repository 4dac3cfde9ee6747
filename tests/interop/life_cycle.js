// Creates, changes and deletes a secret with one of the official Node packages, and checks each response.
//
// usage: node life_cycle.js ENDPOINT (kms20160120 | pop-core-get | pop-core-post)
//
// The access key is in ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Prints a line
// for each step that succeeds, and ends with status 1 at the first one that does not.

'use strict';

const { errorCode, expect, run } = require('./connection.js');

// No encoding of parameters may change it. One of the packages does not encode ! ' ( ), so they are left out.
const VALUE = 'fake value é & = + % * ~ "quoted"';

async function lifeCycle(call, name) {
  const SecretName = name;
  const read = async (which) => (await call('GetSecretValue', { SecretName, ...which })).SecretData;

  const created = await call('CreateSecret', {
    SecretName,
    VersionId: 'v1',
    SecretData: VALUE,
    Description: 'created by a test',
    Tags: JSON.stringify([{ TagKey: 'team', TagValue: 'core' }]),
  });
  expect('create', ['v1', name], [created.VersionId, created.SecretName]);
  const again = { SecretName, VersionId: 'v1', SecretData: VALUE };
  expect('create again', 'Rejected.ResourceExist', await errorCode(call, 'CreateSecret', again));

  const Filters = JSON.stringify([{ Key: 'SecretName', Values: [name] }]);
  const listed = await call('ListSecrets', { Filters });
  expect('list', [name], listed.SecretList.Secret.map((secret) => secret.SecretName));
  const described = await call('DescribeSecret', { SecretName, FetchTags: 'true' });
  expect('describe', ['created by a test', 'core'], [described.Description, described.Tags.Tag[0].TagValue]);
  expect('read', VALUE, await read());

  await call('PutSecretValue', { SecretName, VersionId: 'v2', SecretData: 'fake second' });
  expect('read the new version', 'fake second', await read());
  expect('read the previous one', VALUE, await read({ VersionStage: 'ACSPrevious' }));
  await call('UpdateSecretVersionStage', { SecretName, VersionStage: 'ACSCurrent', MoveToVersion: 'v1' });
  expect('move a stage', VALUE, await read());
  const versions = await call('ListSecretVersionIds', { SecretName });
  const byId = versions.VersionIds.VersionId.map((version) => [version.VersionId, version.VersionStages.VersionStage]);
  expect('versions', { v1: ['ACSCurrent'], v2: ['ACSPrevious'] }, Object.fromEntries(byId));

  await call('TagResource', { SecretName, Tags: JSON.stringify([{ TagKey: 'stage', TagValue: 'test' }]) });
  const tagged = await call('DescribeSecret', { SecretName, FetchTags: 'true' });
  expect('tag', ['stage', 'team'], tagged.Tags.Tag.map((tag) => tag.TagKey).sort());
  await call('UntagResource', { SecretName, TagKeys: JSON.stringify(['team']) });

  await call('DeleteSecret', { SecretName, RecoveryWindowInDays: '7' });
  expect('delete again', 'Rejected.ResourceInDeleteWindow', await errorCode(call, 'DeleteSecret', { SecretName }));
  await call('RestoreSecret', { SecretName });
  expect('restore', VALUE, await read());
  await call('DeleteSecret', { SecretName, ForceDeleteWithoutRecovery: 'true' });
  expect('delete without a recovery window', 'Forbidden.ResourceNotFound', await errorCode(call, 'DescribeSecret', { SecretName }));
}

async function rotation(call, SecretName) {
  await call('CreateSecret', {
    SecretName,
    VersionId: 'v1',
    SecretType: 'Rds',
    SecretData: JSON.stringify({ Accounts: [{ AccountName: 'fake', AccountPassword: 'fake-password' }] }),
    ExtendedConfig: JSON.stringify({ SecretSubType: 'SingleUser', DBInstanceId: 'rm-fake' }),
  });
  const policy = { SecretName, EnableAutomaticRotation: 'true', RotationInterval: '7d' };
  await call('UpdateSecretRotationPolicy', policy);
  const described = await call('DescribeSecret', { SecretName });
  expect('rotation policy', ['Enabled', '604800s'], [described.AutomaticRotation, described.RotationInterval]);
  await call('DeleteSecret', { SecretName, ForceDeleteWithoutRecovery: 'true' });
}

run(async (call, client) => {
  await lifeCycle(call, `interop/node-${client}`);
  await rotation(call, `interop/node-${client}-rds`);
});
