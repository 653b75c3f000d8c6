// Every code that a Problem can have: the one table. docs/troubleshooting.md has a row for each, and a contract test compares
// both with what the source and the remote program report. A code, once released, keeps its name: users search for it.

/** Inputs of the actions. */
export const inputCodes = [
  'COMMAND_INVALID',
  'CLUSTER_FILE_MISSING',
  'IDENTITY_INVALID',
  'ID_TOKEN_UNAVAILABLE',
  'INPUT_INVALID',
  'INPUT_MISSING',
  'LOCKFILE_INVALID',
  'LOCKFILE_LACKING',
  'NO_WAY_BACK',
  'RESET_UNCONFIRMED',
  'RESTORE_UNCONFIRMED',
  'RUNNER_SYSTEM',
] as const;

/** What is wrong in cluster.yaml, by line and column. */
export const clusterCodes = [
  'CLUSTER_ADDRESS',
  'CLUSTER_ALIAS',
  'CLUSTER_AUTHENTICATION',
  'CLUSTER_CONFIG',
  'CLUSTER_DUAL_STACK',
  'CLUSTER_DUPLICATE',
  'CLUSTER_ELECTION',
  'CLUSTER_EMPTY',
  'CLUSTER_EVEN_ETCD',
  'CLUSTER_FLAG',
  'CLUSTER_INVALID',
  'CLUSTER_IPV6',
  'CLUSTER_JUMP_HOST',
  'CLUSTER_KEY_TWICE',
  'CLUSTER_LABEL',
  'CLUSTER_LINE_TOO_LONG',
  'CLUSTER_MANIFEST',
  'CLUSTER_MANY_ETCD',
  'CLUSTER_MISSING',
  'CLUSTER_NAME',
  'CLUSTER_NOT_A_NODE',
  'CLUSTER_NOT_TEXT',
  'CLUSTER_NO_ETCD',
  'CLUSTER_NO_MASTER',
  'CLUSTER_NO_NODE',
  'CLUSTER_PATH',
  'CLUSTER_PORT',
  'CLUSTER_PORT_RANGE',
  'CLUSTER_REGISTRY',
  'CLUSTER_RESERVED_NAME',
  'CLUSTER_SAN',
  'CLUSTER_SECRET',
  'CLUSTER_SUBNET',
  'CLUSTER_SUBNET_OVERLAP',
  'CLUSTER_SUBNET_SIZE',
  'CLUSTER_TAINT',
  'CLUSTER_TOO_DEEP',
  'CLUSTER_TOO_LARGE',
  'CLUSTER_UNKNOWN_KEY',
  'CLUSTER_URL',
  'CLUSTER_VERSION',
  'CLUSTER_YAML',
] as const;

/** SSH, and a host's answers over it. */
export const connectionCodes = [
  'COMMAND_TIMEOUT',
  'CONNECTION_LOST',
  'FORWARD_FAILED',
  'FORWARD_FORBIDDEN',
  'HOST_FILES_CHANGED',
  'HOST_KEY_CHANGED',
  'HOST_KEY_REVOKED',
  'HOST_KEY_UNKNOWN',
  'HOST_NONSENSE',
  'HOST_OVERDUE',
  'HOST_SILENT',
  'HOST_UNREACHABLE',
  'LOGIN_REFUSED',
  'LOGIN_TIMEOUT',
  'REQUEST_FAILED',
  'SESSION_MISSING',
  'SSH_ALGORITHMS',
  'SSH_AUTH_FAILED',
  'SSH_KEY_INVALID',
  'SUDO_REFUSED',
] as const;

/** A host that does not fit, and what the runner itself could not fetch for it. */
export const hostCodes = [
  'BAD_NAME',
  'HOST_ADDRESS',
  'HOST_ARCHITECTURE',
  'HOST_CGROUP',
  'HOST_CLOCK',
  'HOST_CLONE',
  'HOST_DISK',
  'HOST_DROP_IN',
  'HOST_EXEC',
  'HOST_FOREIGN',
  'HOST_KERNEL',
  'HOST_LEFTOVER',
  'HOST_MEMORY',
  'HOST_MOUNT',
  'HOST_NAME',
  'HOST_NOT_REACHED',
  'HOST_PORT_TAKEN',
  'HOST_RESOLVER',
  'HOST_SELINUX',
  'HOST_SUBNET',
  'HOST_SWAP',
  'HOST_SYSCTL',
  'HOST_SYSTEMD',
  'HOST_TMPFILES',
  'MIRROR_NONSENSE',
  'MIRROR_UNREACHABLE',
  'RATE_LIMITED',
  'SUM_MISSING',
  'SUM_UNSIGNED',
] as const;

/** What the program on the host gives to `die`; a host that reports anything else has the code REQUEST_FAILED. */
export const remoteCodes = [
  'ARCHIVE_MEMBER_MISSING',
  'DISK_FULL',
  'DISK_READ_ONLY',
  'DOWNLOAD_FAILED',
  'DOWNLOAD_SUM_MISMATCH',
  'HOST_LOCKED',
  'HOST_UNFIT',
  'LOCK_FAILED',
  'LOCK_TIMEOUT',
  'MODULE_MISSING',
  'NO_PACKAGE_MANAGER',
  'PACKAGE_FAILED',
  'PLACE_INSECURE',
  'RELOAD_FAILED',
  'RESET_BUSY',
  'RESTART_REFUSED',
  'RESTART_REVERTED',
  'RESTART_STOPPED',
  'RESTART_UNKNOWN',
  'RIVAL_RUN',
  'RUN_OVERTAKEN',
  'SWAP_STAYS',
  'SYSCTL_REFUSED',
  'UNIT_FAILED',
  'UNIT_NOT_READY',
  'USER_FAILED',
  'WRITE_FAILED',
  'WRONG_TYPE',
] as const;

/** Authorities, certificates and sealed bundles. */
export const secretCodes = [
  'AUTHORITIES_DIFFER',
  'AUTHORITIES_FOREIGN',
  'AUTHORITIES_LOST',
  'AUTHORITIES_UNKNOWN',
  'AUTHORITY_BROKEN',
  'AUTHORITY_EXPIRED',
  'BUNDLE_MISSING',
  'BUNDLE_NOT_AGE',
  'BUNDLE_OTHER_CLUSTER',
  'BUNDLE_OTHER_HOST',
  'BUNDLE_OTHER_KEY',
  'BUNDLE_STALE',
  'BUNDLE_TAMPERED',
  'BUNDLE_TRUNCATED',
  'BUNDLE_UNREADABLE',
  'KUBECONFIG_INVALID',
  'NOT_A_MASTER',
] as const;

/** A backup: its file, and what it must show when it is opened. */
export const backupCodes = [
  'BACKUP_DAMAGED',
  'BACKUP_DIFFERS',
  'BACKUP_FAILED',
  'BACKUP_FORMAT',
  'BACKUP_MISSING',
  'BACKUP_NOT_AGE',
  'BACKUP_OTHER_CLUSTER',
  'BACKUP_OTHER_KEY',
  'BACKUP_RECIPIENT',
  'BACKUP_RUNNING',
  'BACKUP_TRUNCATED',
  'BACKUP_UNVERIFIED',
  'BACKUP_UNWRITTEN',
] as const;

/** The running cluster: etcd, API servers, nodes, manifests. */
export const kubernetesCodes = [
  'API_NONSENSE',
  'API_SERVER_NOT_READY',
  'API_STOPPED',
  'API_TIMEOUT',
  'API_UNREACHABLE',
  'API_UNTRUSTED',
  'CERTIFICATE_DIFFERS',
  'CERTIFICATE_NOT_ISSUED',
  'CHECK_FINDINGS',
  'CSR_UNREADABLE',
  'ETCD_CHANGE_FAILED',
  'ETCD_DATA_FOREIGN',
  'ETCD_DATA_LOST',
  'ETCD_LEARNER_BEHIND',
  'ETCD_MEMBERS_UNKNOWN',
  'ETCD_MEMBER_STRAY',
  'ETCD_QUORUM',
  'ETCD_SPACE',
  'ETCD_UNHEALTHY',
  'ETCD_UNKNOWN',
  'KIND_UNKNOWN',
  'MANIFEST_INVALID',
  'MANIFEST_MISSING',
  'NODES_NOT_READY',
  'NODE_STILL_READY',
  'NODE_TWO_MACHINES',
  'REWRITE_REFUSED',
  'ROTATION_PENDING',
  'ROTATION_UNPROVEN',
  'ROTATION_UNSUPPORTED',
  'TOKEN_REFUSED',
] as const;

/**
 * An API server's refusal: API_ and the reason that it gave. Source of the reasons: StatusReason in
 * https://pkg.go.dev/k8s.io/apimachinery/pkg/apis/meta/v1; its Timeout is API_TIMEOUT above.
 */
export const apiReasonCodes = [
  'API_ALREADY_EXISTS',
  'API_BAD_REQUEST',
  'API_CONFLICT',
  'API_ERROR',
  'API_EXPIRED',
  'API_FORBIDDEN',
  'API_GONE',
  'API_INTERNAL_ERROR',
  'API_INVALID',
  'API_METHOD_NOT_ALLOWED',
  'API_NOT_ACCEPTABLE',
  'API_NOT_FOUND',
  'API_REQUEST_ENTITY_TOO_LARGE',
  'API_SERVER_TIMEOUT',
  'API_SERVICE_UNAVAILABLE',
  'API_STORE_READ_ERROR',
  'API_TOO_MANY_REQUESTS',
  'API_UNAUTHORIZED',
  'API_UNSUPPORTED_MEDIA_TYPE',
] as const;

/** A reset of hosts that would take what is not the cluster's, or what the rest of the cluster needs. */
export const resetCodes = ['RESET_LAST', 'RESET_NOT_OURS', 'RESET_OTHER_CLUSTER', 'RESET_QUORUM'] as const;

/** A restore, which would lose what is there, or cannot bring anything back. */
export const restoreCodes = [
  'DRILL_HOSTS',
  'DRILL_VERDICT',
  'QUORUM_NOT_LOST',
  'RECOVERY_FAILED',
  'RESTORE_NEWER_DATA',
  'RESTORE_OTHER_CLUSTER',
  'SURVIVOR_UNFIT',
] as const;

/** A change that the cluster, as it was found, does not allow. */
export const planCodes = [
  'MASTER_NOT_LISTED',
  'NODE_NOT_DRAINED',
  'NODE_NOT_LISTED',
  'NODE_RENAMED',
  'REMOVAL_REFUSED',
  'TURN_LOST',
  'TURN_REFUSED',
  'UPGRADE_HELD',
  'UPGRADE_UNTRUSTED',
  'UPGRADE_VERDICT',
  'VERSION_DOWNGRADE',
  'VERSION_ETCD_HOP',
  'VERSION_SKEW',
  'VERSION_SKIPPED',
  'VERSION_UNKNOWN',
  'VERSION_UNSUPPORTED',
] as const;

/** A check of the failover. */
export const failoverCodes = [
  'FAILOVER_REFUSED',
  'FAILOVER_RUNNING',
  'FAILOVER_VERDICT',
  'FAULT_FAILED',
  'LEAD_NOT_TAKEN',
  'POWER_COMMAND_FAILED',
  'TARGET_UNKNOWN',
] as const;

/** The workflow run: its artifacts, its end. */
export const workflowCodes = [
  'ACTION_DEFECT',
  'ARTIFACT_CHANGED',
  'ARTIFACT_DOWNLOAD',
  'ARTIFACT_MISSING',
  'ARTIFACT_NONSENSE',
  'ARTIFACT_UNAVAILABLE',
  'ARTIFACT_UPLOAD',
  'GATE_CLOSED',
  'JOB_TIMEOUT',
  'RUN_CANCELLED',
] as const;

export type RemoteCode = (typeof remoteCodes)[number];
export type ApiReasonCode = (typeof apiReasonCodes)[number];

/** The stable name of a kind of problem. */
export type ProblemCode =
  | (typeof inputCodes)[number]
  | (typeof clusterCodes)[number]
  | (typeof connectionCodes)[number]
  | (typeof hostCodes)[number]
  | RemoteCode
  | (typeof secretCodes)[number]
  | (typeof backupCodes)[number]
  | (typeof kubernetesCodes)[number]
  | ApiReasonCode
  | (typeof resetCodes)[number]
  | (typeof restoreCodes)[number]
  | (typeof planCodes)[number]
  | (typeof failoverCodes)[number]
  | (typeof workflowCodes)[number];
