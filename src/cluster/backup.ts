import * as z from 'zod';

const recipient = z
  .string()
  .regex(
    /^age1[02-9ac-hj-np-z]{58}$/,
    'a recipient begins with age1 and has 62 characters; age-keygen prints it as public key',
  );

/** `backup` of cluster.yaml. The checksum of a recipient is verified when a backup is made. */
export const backup = z
  .strictObject({
    recipients: z
      .array(recipient)
      .min(1)
      .max(20)
      .describe(
        'Public keys of age, as age-keygen prints them. The secret key of each opens every backup alone; no host and no runner needs it to make one.',
      ),
    keep: z.int().min(1).max(10_000).default(14).describe('How many backups stay in a folder: the newest ones.'),
    artifactDays: z.int().min(1).max(400).default(30).describe('For how many days GitHub keeps an artifact.'),
    maxAgeHours: z
      .int()
      .min(1)
      .max(8784)
      .default(26)
      .describe('The check action warns when the newest backup is older than so many hours.'),
  })
  .optional()
  .describe('Who can open the backups that the backup action makes, and for how long they are kept.');
