/** Where a build may work, and what it may say. */
export interface Bench {
  /** A folder of the cache that stays from one build to the next, for the go.mod and such. */
  readonly folder: string;
  /** A folder of this one build, deleted afterwards. */
  readonly scratch: string;
  /** Names of releases of the same module that are missing too, for a build that makes several at once. */
  readonly others: readonly string[];
  readonly log: (line: string) => void;
}

/** One file of an official release, and how to make it where it can't be downloaded. */
export interface Release {
  readonly name: string;
  readonly version: string;
  /** Official place without `https://`, which is also the path below the mirror. */
  readonly file: string;
  readonly sum: {
    readonly file: string;
    /**
     * `bare`: just the hex sum. `listed`: lines of sum, two spaces, name, as sha256sum writes them.
     * `github`: GitHub's description of the release, which has each asset's digest.
     */
    readonly style: 'bare' | 'listed' | 'github';
  };
  /** How long a cold build takes on two cores. */
  readonly usualSeconds: number;
  /** Answers the path of the finished file, below the bench's scratch folder. */
  readonly build: (bench: Bench) => Promise<string>;
}
