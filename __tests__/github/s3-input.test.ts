import { expect, test } from '@jest/globals';
import { s3Input } from '../../src/github/s3-input.ts';
import { errorOf } from '../phases/scene.ts';
import { withInputs } from './workflow-commands.ts';

const keys = { 's3-access-key-id': 'AKIDEXAMPLE', 's3-secret-access-key': 'a-secret-key' };

test('a bucket and a path in it; without the input none', async () => {
  expect(await withInputs({}, s3Input)).toBeUndefined();
  const own = { ...keys, 's3-url': 'https://s3.example.org:9000/backups/clusters/home/', 's3-region': 'eu-1' };
  expect(await withInputs(own, s3Input)).toEqual({
    ...{ origin: 'https://s3.example.org:9000', bucket: 'backups', prefix: 'clusters/home/', region: 'eu-1' },
    ...{ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a-secret-key' },
  });
  const whole = await withInputs({ ...keys, 's3-url': 'https://s3.example.org/backups' }, s3Input);
  expect(whole).toMatchObject({ bucket: 'backups', prefix: '', region: 'us-east-1' });
});

test.each([
  's3://backups/home',
  'https://s3.example.org',
  'https://s3.example.org/',
  'https://me:secret@s3.example.org/backups',
  'https://s3.example.org/backups?x=1',
  'https://s3.example.org/backups//home',
  'https://s3.example.org/backups/a b',
  'backups',
])('%s is refused', async (url) => {
  expect(await errorOf(() => withInputs({ ...keys, 's3-url': url }, s3Input))).toMatchObject({ code: 'INPUT_INVALID' });
});

test('both parts of the key are required', async () => {
  const given = { 's3-url': 'https://s3.example.org/backups', 's3-access-key-id': 'AKIDEXAMPLE' };
  expect(await errorOf(() => withInputs(given, s3Input))).toMatchObject({ code: 'INPUT_MISSING' });
});
