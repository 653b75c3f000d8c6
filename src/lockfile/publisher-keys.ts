import type { SigningKey } from './openpgp.ts';

/** A publisher that signs its files of checksums with OpenPGP. */
export interface Publisher {
  /** The beginning of the official URLs of its binaries. */
  readonly prefix: string;
  readonly keys: readonly SigningKey[];
}

/**
 * runc: the keys that sign in runc.keyring of github.com/opencontainers/runc at 76d9cf5da (August 2026), the same on all its release branches:
 * of Aleksa Sarai, Kir Kolyshkin and Akihiro Suda. `runc.sha256sum` is made by `gpg --clear-sign` (script/release_sign.sh there).
 * The test computes each fingerprint from its key.
 */
const runc: readonly SigningKey[] = [
  {
    fingerprint: 'B64E4955B29FA3D463F2A9062897FAD2B7E9446F',
    created: 1664531019,
    material: { ed25519: 'E3s7dZQFuImQX2tWshIdGjeUKZc7rlMcrZ6+q25gaH0=' },
  },
  {
    fingerprint: 'C2428CD75720FACDCF76B6EA17DE5ECB75A1100E',
    created: 1588116350,
    material: {
      rsa: 'qMOH9ZFKsNL2q1OKavgvdcYWHjW/9LBshSgr2H4i2O+MhvBF1q2fJ9OgGAx8z7/aLm5FIZxZP7tuZF0FYCwemeUikQQohatUGYq13jSfCLLPAMAwVaaU0ogpfP8f4CqF4ifuzMrzmaM1Gr5FR3YptTSgs8A9NeFTgfEV8/oXlI0vhw12PdiJJ5WmYNqBqUHusHlZl5hIcREWqRv8vv1aOrfFH4Ur9IBHjNNP8loQSSkmD7czIEm0y+IwrDf8dG6vmTaeJbp4oVWOVql/gRi3Me8T5ydEafSbtZgISq2ylJjht65FrgyCblT/B0HwqH37AS1CkNFeH4dfJH6tW6Nybw==',
    },
  },
  {
    fingerprint: 'C020EA876CE4E06C7AB95AEF49524C6F9F638F1A',
    created: 1564088607,
    material: {
      rsa: 'xKQh7/R8xm6s0NkQKk1gRh1DbIhw/PTVZm18eJ8OeqHV3+ZgCkB8cofbSpLdASGijC3MXFOvhlz+Yki3R50L58cW0dIFtwifGyFj1H5ROIY7/EC23OQkqamt3e/7bJ7VWDSzxbOgdGnE1weGCyvrtmguNlEum8uczuCkvvP+0cl4XZGBmMMunQlNcrJ7huELLcZTmyiVLcXFv/b0JBf2Xamqi3+hxy/5DGrFlMVhtbr3/lfzDgUSru8wVtvdFwxOQ3fQ6Jsl+KtpKqFkAZKb5CZVbClqVvgF5wYs21Q/qV/dFREJpE756+lPTogK0uptslcGZbvN+pdsqN7V9rbIEzZ/ILWboDuEG94mZw1HsaoAsJywcXbMquFueuYzUVfx1kVDEfiwyEtSohGpcw6CA92lF0Rxy1EBtKKl/I6hSVKqdT/aTvZ3s7lA4PErGgYPDuLcr/wmavxXhd0TDHNhB04jvB0xEapkTMVBWb925IAOBp45wN8LGYS10KvlGiCV',
    },
  },
];

const publishers: readonly Publisher[] = [
  { prefix: 'https://github.com/opencontainers/runc/releases/download/', keys: runc },
];

/** The keys of which one must have signed the checksum of the binary at this official URL; undefined if its publisher signs none. */
export function signersOf(url: string): readonly SigningKey[] | undefined {
  return publishers.find(({ prefix }) => url.startsWith(prefix))?.keys;
}
