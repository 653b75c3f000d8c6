import { components } from './components.ts';

/** `address:port`, with an IPv6 address in brackets (RFC 3986, section 3.2.2). */
export function hostPort(address: string, port: number): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** Where an API server serves its clients; `port` is `api.port`. */
export function apiServerUrl(address: string, port: number): string {
  return `https://${hostPort(address, port)}`;
}

/** Where a member of etcd serves its clients. */
export function etcdClientUrl(address: string): string {
  return `https://${hostPort(address, components.etcd.ports.clients.port)}`;
}

/** Where a member of etcd serves the other members. */
export function etcdPeerUrl(address: string): string {
  return `https://${hostPort(address, components.etcd.ports.peers.port)}`;
}

/** This host itself, in the family of the address by which others reach it. */
export function loopback(address: string): string {
  return address.includes(':') ? '::1' : '127.0.0.1';
}
