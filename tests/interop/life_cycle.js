// Creates, changes and deletes a secret with one of the official Node packages, and checks each response.
//
// usage: node life_cycle.js ENDPOINT (kms20160120 | pop-core-get | pop-core-post)
//
// The access key is in ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET. Prints a line
// for each step that succeeds, and ends with status 1 at the first one that does not.

'use strict';

const { isDeepStrictEqual } = require('node:util');

// No encoding of parameters may change it. One of the packages does not encode ! ' ( ), so they are left out.
const VALUE = 'fake value é & = + % * ~ "quoted"';

function expect(step, expected, actual) {
  if (!isDeepStrictEqual(expected, actual)) {
    console.log(`FAILED ${step}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
    process.exit(1);
  }
  console.log(`ok ${step}`);
}

// Returns a function from an operation and its parameters to the response, for any of the packages.
function connect(endpoint, name) {
  const accessKeyId = process.env.ALIBABA_CLOUD_ACCESS_KEY_ID;
  const accessKeySecret = process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
  if (name === 'kms20160120') {
    const { default: Client } = require('@alicloud/kms20160120');
    const { Config } = require('@alicloud/rpc-client');
    const { RuntimeOptions } = require('@alicloud/tea-util');
    const url = new URL(endpoint);
    const config = { accessKeyId, accessKeySecret, protocol: 'HTTP', endpoint: url.host, regionId: 'cn-hangzhou' };
    const client = new Client(new Config(config));
    return (action, parameters) =>
      client.doRequest(action, 'HTTP', 'POST', '2016-01-20', 'AK', parameters, null, new RuntimeOptions({}));
  }
  const { RPCClient } = require('@alicloud/pop-core');
  const client = new RPCClient({ accessKeyId, accessKeySecret, endpoint, apiVersion: '2016-01-20' });
  const method = name === 'pop-core-post' ? 'POST' : 'GET';
  return (action, parameters) => client.request(action, parameters, { method });
}

async function lifeCycle(call, name) {
  const errorCode = async (action, parameters) => {
    try {
      await call(action, parameters);
    } catch (error) {
      // One of the packages appends `Error` to the code.
      return error.data?.Code ?? error.code;
    }
    return null;
  };
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
  expect('create again', 'Rejected.ResourceExist', await errorCode('CreateSecret', again));

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
  expect('delete again', 'Rejected.ResourceInDeleteWindow', await errorCode('DeleteSecret', { SecretName }));
  await call('RestoreSecret', { SecretName });
  expect('restore', VALUE, await read());
  await call('DeleteSecret', { SecretName, ForceDeleteWithoutRecovery: 'true' });
  expect('delete without a recovery window', 'Forbidden.ResourceNotFound', await errorCode('DescribeSecret', { SecretName }));
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

async function main() {
  const [endpoint, client] = process.argv.slice(2);
  const call = connect(endpoint, client);
  await lifeCycle(call, `interop/node-${client}`);
  await rotation(call, `interop/node-${client}-rds`);
}

main().catch((error) => {
  console.log(`FAILED ${error.code ?? ''} ${error.message}`);
  process.exit(1);
});
