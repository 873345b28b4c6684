import calculateSlot from 'cluster-key-slot';
import type { Cluster, Redis } from 'ioredis';

import { StorageUnavailableError } from '../errors.js';
import { isCluster, type RedisClient } from './client.js';

/**
 * The node that serves the slot of a sharded channel.
 *
 * @throws StorageUnavailableError where the cluster does not tell; it may take as long as the client waits for an answer.
 */
export async function nodeOfSlot(client: RedisClient, channel: string): Promise<Redis> {
  if (!isCluster(client)) return client;
  // The client learns that a slot has moved, or that a node is gone, when it sends something there.
  await client.spublish(channel, '');
  return known(masterOfSlot(client, channel));
}

/**
 * A node at which to hear classic channels: in a cluster any one does, as what is published at one reaches them all. The
 * same choice (0 to 1) gives the same node while the cluster does not change.
 *
 * @throws StorageUnavailableError, as above
 */
export async function anyNode(client: RedisClient, choice: number): Promise<Redis> {
  if (!isCluster(client)) return client;
  if (client.nodes('master').length === 0) await client.ping();
  const masters = client.nodes('master').toSorted((a, b) => (addressOf(a) < addressOf(b) ? -1 : 1));
  return known(masters[Math.floor(choice * masters.length)]);
}

/** Publishes what a node of a cluster is to hear over the bus: at another node, or where that fails at any. */
export async function publishBeside(
  client: RedisClient,
  address: string,
  channel: string,
  message: string,
): Promise<void> {
  const others = isCluster(client)
    ? client.nodes('master').filter((node) => addressOf(node) !== address)
    : [];
  const other = others[Math.floor(Math.random() * others.length)] ?? client;
  await other.publish(channel, message).catch(async () => client.publish(channel, message));
}

/**
 * Where to publish on a classic channel: always at the same node, as nothing orders what reaches a listener from several
 * nodes of a cluster. The client itself takes any.
 */
export function publisherOf(client: RedisClient, channel: string): RedisClient {
  return isCluster(client) ? (masterOfSlot(client, channel) ?? client) : client;
}

/** The address of a node, as the slots of a cluster name it. */
export function addressOf({ options }: Redis): string {
  return `${options.host ?? ''}:${options.port ?? ''}`;
}

function masterOfSlot(client: Cluster, channel: string): Redis | undefined {
  const address = client.slots[calculateSlot(channel)]?.[0];
  return client.nodes('master').find((node) => addressOf(node) === address);
}

function known(node: Redis | undefined): Redis {
  if (node === undefined) throw new StorageUnavailableError('the cluster knows no node for it');
  return node;
}
