import { openLab } from '../../lab/lab.ts';
import { labId } from './lab-id.ts';

/** Takes down the lab that the cluster tests share, also if they failed; set K8S_HA_KEEP_LAB to keep it. */
export default async function teardown(): Promise<void> {
  if (process.env.K8S_HA_KEEP_LAB) return;
  await openLab({ id: labId('seed') }).down();
}
