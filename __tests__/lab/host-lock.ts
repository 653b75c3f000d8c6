/** Where sessions keep their locks and temporary files on a host. */
export const runtime = '/run/k8s-ha-action';

/** A condition of sh: a lock on the host was not released. */
export const lockHeld = `[ -n "$(find ${runtime}/lock -type f -size +0 2>/dev/null)" ]`;

/** A line of sh that waits for up to 10 s until a session has the host's lock. */
export const untilLocked = `for i in $(seq 100); do ${lockHeld} && exit; sleep 0.1; done; exit 1`;

/** A line of sh that lists the files in memory that only an interrupted session leaves. */
export const leftovers = `${lockHeld} && echo 'the host lock is held'
ls -d ${runtime}/tmp.* ${runtime}/ask.* 2>/dev/null`;
