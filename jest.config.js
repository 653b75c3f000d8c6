const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/jest/strip-types.js' },
  ...extra,
});

export default {
  coverageProvider: 'v8',
  // A busy machine is no failure; what has a limit of its own says so.
  testTimeout: 60_000,
  testSequencer: '<rootDir>/jest/by-path.js',
  projects: [
    project('unit', ['<rootDir>/__tests__/**/*.test.ts'], {
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/lab/', '<rootDir>/__tests__/long/'],
    }),
    project('long', ['<rootDir>/__tests__/long/**/*.test.ts']),
    project('lab', ['<rootDir>/__tests__/lab/**/*.test.ts'], {
      globalSetup: '<rootDir>/__tests__/lab/setup.ts',
      globalTeardown: '<rootDir>/__tests__/lab/teardown.ts',
    }),
  ],
};
