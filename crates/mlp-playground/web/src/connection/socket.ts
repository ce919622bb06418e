import type { Request } from '../protocol/Request';
import type { Response } from '../protocol/Response';

/** What becomes of the messages of a connection. */
export interface Listener {
  onOpen(): void;
  onMessage(response: Response): void;
  onFrame(buffer: ArrayBuffer): void;
  /** The connection is lost; the next attempt follows in `seconds`. */
  onLost(seconds: number): void;
  /** An attempt failed; the program may be there all the same, and take no more connections. */
  onRefused(isThere: boolean): void;
}

const SHORTEST_PAUSE = 0.5;
const LONGEST_PAUSE = 15;

/** A WebSocket that opens itself again, with growing pauses, when it is lost. */
export class Connection {
  private socket: WebSocket | undefined;
  private pause = SHORTEST_PAUSE;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly address: string,
    private readonly listener: Listener,
  ) {}

  open(): void {
    clearTimeout(this.timer);
    const socket = new WebSocket(this.address);
    socket.binaryType = 'arraybuffer';
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.pause = SHORTEST_PAUSE;
      this.listener.onOpen();
    };
    socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
      if (typeof event.data === 'string') this.listener.onMessage(JSON.parse(event.data) as Response);
      else this.listener.onFrame(event.data);
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.listener.onLost(this.pause);
      if (!wasOpen) void this.askWhy(socket);
      this.timer = setTimeout(() => this.open(), 1000 * this.pause);
      this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    };
    this.socket = socket;
  }

  /** A browser does not tell why a connection was not made, so another request finds out who does not answer. */
  private async askWhy(socket: WebSocket): Promise<void> {
    const page = this.address.replace(/^ws/, 'http').replace(/socket$/, '');
    const isThere = await fetch(page, { method: 'HEAD', cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (this.socket === socket && socket.readyState === WebSocket.CLOSED) this.listener.onRefused(isThere);
  }

  /** Sends a request, and says whether there was a connection to send it over. */
  send(request: Request): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(request));
    return true;
  }
}

/** The address of the program that served this page. */
export function socketAddress(page: { protocol: string; host: string }): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/socket`;
}
