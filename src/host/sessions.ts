import type { ClientChannel } from 'ssh2';
import { Problem } from '../errors.ts';
import type { Channel } from './channel.ts';
import { type Endpoint, isFull, lost, noChannel, noSession } from './connection-problems.ts';
import { openInTime } from './open-in-time.ts';
import { clientOf, type Login } from './ssh-login.ts';

/** A login, with the sessions that are open in it. */
interface Seat {
  readonly login: Login;
  open: number;
  /** How many the server allows, as far as it is known. */
  most: number;
  /** Whether it has had a session. */
  hasWorked: boolean;
}

/**
 * The sessions of a host. One login has them all, unless the server allows fewer in one (MaxSessions): then further logins have
 * the others, and each is used again when its session has ended.
 */
export class Sessions {
  readonly #to: Endpoint;
  readonly #another: () => Promise<Login>;
  readonly #answerTimeout: number;
  readonly #seats: Seat[];
  #isClosed = false;

  /**
   * @param another logs in again; it has a limit of its own, as long as the user's setting
   * @param answerTimeout limit for opening a session in a login, ms
   */
  constructor(to: Endpoint, first: Login, another: () => Promise<Login>, answerTimeout: number) {
    this.#to = to;
    this.#another = another;
    this.#answerTimeout = answerTimeout;
    this.#seats = [{ login: first, open: 0, most: Number.POSITIVE_INFINITY, hasWorked: false }];
  }

  /** Starts a command. @throws Problem CONNECTION_LOST, HOST_SILENT, LOGIN_REFUSED, and those of a login */
  async start(command: string): Promise<Channel> {
    for (const seat of this.#seats) {
      const channel = await this.#startIn(seat, command);
      if (channel !== undefined) return channel;
    }
    const seat = { login: await this.#another(), open: 0, most: 1, hasWorked: false };
    if (this.#isClosed) seat.login.close(true);
    this.#seats.push(seat);
    const channel = await this.#startIn(seat, command);
    if (channel === undefined) throw noSession(this.#to, new Error('no session is allowed'));
    return channel;
  }

  close(abruptly?: boolean): void {
    this.#isClosed = true;
    for (const { login } of this.#seats) login.close(abruptly);
  }

  /** @returns nothing if the login has no room for one more */
  async #startIn(seat: Seat, command: string): Promise<Channel | undefined> {
    if (seat.open >= seat.most) return undefined;
    seat.open += 1;
    const leave = () => {
      seat.open -= 1;
    };
    try {
      const late = noChannel(this.#answerTimeout);
      const channel = await openInTime(this.#answerTimeout, execute(seat.login, command), late);
      seat.hasWorked = true;
      channel.once('close', leave);
      return channel;
    } catch (error) {
      leave();
      if (error instanceof Problem) throw error;
      if (!isFull(error)) throw clientIsOpen(seat.login) ? noSession(this.#to, error as Error) : lost(error);
      if (seat.open === 0 && !seat.hasWorked) throw noSession(this.#to, error as Error);
      // The server may not have noticed yet that an earlier session has ended.
      seat.most = Math.max(1, seat.open);
      return undefined;
    }
  }
}

function clientIsOpen({ ssh }: Login): boolean {
  return ssh.connection !== null;
}

function execute({ ssh }: Login, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    clientOf(ssh).exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}
