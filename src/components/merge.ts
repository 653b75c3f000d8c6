export interface Fragment {
  readonly [key: string]: unknown;
}

/** Our configuration with the user's fragment on top: maps are merged key by key, everything else is replaced. */
export function merged(ours: Fragment, theirs: Fragment): Fragment {
  const entries = Object.entries(theirs).map(([key, value]) => {
    const own = ours[key];
    return [key, isFragment(own) && isFragment(value) ? merged(own, value) : value];
  });
  return { ...ours, ...Object.fromEntries(entries) };
}

function isFragment(value: unknown): value is Fragment {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
