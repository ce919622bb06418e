import type { Request } from '../protocol/Request';
import type { Response } from '../protocol/Response';

/** What becomes of the messages of a connection. */
export interface Listener {
  onOpen(): void;
  onMessage(response: Response): void;
  onFrame(buffer: ArrayBuffer): void;
  /** The connection is lost; the next attempt follows in `seconds`. */
  onLost(seconds: number): void;
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
    socket.onopen = () => {
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
      this.timer = setTimeout(() => this.open(), 1000 * this.pause);
      this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
    };
    this.socket = socket;
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
