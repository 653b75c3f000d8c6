/** The folders and the log of a build. */
export interface Bench {
  /** A folder of the cache that persists between builds, for go.mod and similar files. */
  readonly folder: string;
  /** A folder of this one build, deleted afterwards. */
  readonly scratch: string;
  /** Names of missing releases of the same module, for a build that makes several at once. */
  readonly others: readonly string[];
  readonly log: (line: string) => void;
}

/** One file of an official release, and how to build it if it cannot be downloaded. */
export interface Release {
  readonly name: string;
  readonly version: string;
  /** The official address without `https://`, which is also the path in the mirror. */
  readonly file: string;
  readonly sum: {
    readonly file: string;
    /**
     * `bare`: only the hex checksum. `listed`: lines of checksum, two spaces, name, as sha256sum writes them.
     * `github`: GitHub's description of the release, which has each asset's digest.
     */
    readonly style: 'bare' | 'listed' | 'github';
  };
  /** The time of a cold build on two cores. */
  readonly usualSeconds: number;
  /** Returns the path of the finished file, in the build's scratch folder. */
  readonly build: (bench: Bench) => Promise<string>;
}
