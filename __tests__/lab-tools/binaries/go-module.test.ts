import { expect, test } from '@jest/globals';
import { kubernetesRecipe, versionVariables } from '../../../lab/binaries/builds/kubernetes.ts';
import { commandsFile, goModText, parseGoMod } from '../../../lab/binaries/go-module.ts';

const upstream = `module k8s.io/kubernetes

go 1.26.0

godebug default=go1.26

require (
	example.org/direct v1.2.3
	k8s.io/api v0.0.0
)

require (
	github.com/kylelemons/godebug v1.1.0 // indirect
)

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	k8s.io/client-go => ./staging/src/k8s.io/client-go
	example.org/fork => example.org/other v1.0.0
)
`;

test('the parts of a go.mod that Go ignores in a dependency are read', () => {
  const parsed = parseGoMod(upstream);
  expect(parsed.go).toBe('1.26.0');
  expect(parsed.godebug).toEqual(['default=go1.26']);
  expect(parsed.requireBlocks).toHaveLength(2);
  expect(parsed.localReplaces).toEqual(['k8s.io/api', 'k8s.io/client-go']);
});

test('both forms of the godebug directive are read', () => {
  const block = 'go 1.25.0\n\ngodebug (\n\tdefault=go1.25\n\twinsymlink=0 // since\n)\n';
  expect(parseGoMod(block).godebug).toEqual(['default=go1.25', 'winsymlink=0']);
});

test('a go.mod without a go line is refused', () => {
  expect(() => parseGoMod('module example.org/x\n')).toThrow('failed to read go.mod');
});

test('each staging module of Kubernetes is replaced by its published twin', () => {
  const text = goModText(kubernetesRecipe(upstream, 'v1.36.3'));
  expect(text).toContain('\nrequire k8s.io/kubernetes v1.36.3\n');
  expect(text).toContain('\tk8s.io/api => k8s.io/api v0.36.3\n\tk8s.io/client-go => k8s.io/client-go v0.36.3\n');
  expect(text).toContain('\ngo 1.26.0\ngodebug default=go1.26\n');
  expect(text).not.toContain('staging');
});

test('a module can be replaced by a folder', () => {
  const recipe = { name: 'x', go: '1.26.0', requires: { 'example.org/a': 'v1.0.0' } };
  expect(goModText({ ...recipe, replaces: { 'example.org/a': './patched' } })).toContain(
    '\texample.org/a => ./patched\n',
  );
});

test('the binaries have their version in both places that they read', () => {
  const variables = versionVariables('v1.37.2', '2026-10-27T12:01:04Z');
  for (const path of ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']) {
    expect(variables[`${path}.gitVersion`]).toBe('v1.37.2');
    expect(variables[`${path}.gitMajor`]).toBe('1');
    expect(variables[`${path}.gitMinor`]).toBe('37');
  }
});

test('the file that imports the commands is not part of any build', () => {
  expect(commandsFile(['example.org/cmd'])).toMatch(/^\/\/go:build lab\n[\s\S]*_ "example\.org\/cmd"\n/);
});
