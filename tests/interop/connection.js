// Clients of the official Node packages, and the checks of what they return.

'use strict';

const { isDeepStrictEqual } = require('node:util');

function expect(step, expected, actual) {
  if (!isDeepStrictEqual(expected, actual)) {
    console.log(`FAILED ${step}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
    process.exit(1);
  }
  console.log(`ok ${step}`);
}

// The operations that the service does not document for GET.
const POST_ONLY = ['GenerateMac', 'GetChallenge', 'GetManagedDataKey', 'ListManagedDataKeyVersions', 'VerifyMac'];

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
  const isPost = (action) => name === 'pop-core-post' || POST_ONLY.includes(action);
  return (action, parameters) => client.request(action, parameters, { method: isPost(action) ? 'POST' : 'GET' });
}

// Returns the code of the error that a call ends with.
async function errorCode(call, action, parameters) {
  try {
    await call(action, parameters);
  } catch (error) {
    // One of the packages appends `Error` to the code.
    return error.data?.Code ?? error.code;
  }
  return null;
}

// Runs the steps with the client that the command line names, and reports the first that fails.
async function run(steps) {
  const [endpoint, client] = process.argv.slice(2);
  try {
    await steps(connect(endpoint, client), client);
  } catch (error) {
    console.log(`FAILED ${error.code ?? ''} ${error.message}`);
    process.exit(1);
  }
}

module.exports = { errorCode, expect, run };
