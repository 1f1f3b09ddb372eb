import type { ChildProcess } from 'node:child_process';

/** A process ended where a report was awaited. It has said on stderr why. */
export class ProcessEnded extends Error {}

/** A process that answers each order it is sent with one report: the sides of a comparison work apart, each in its own heap. */
export class PassesProcess<Order extends object, Report> {
  readonly #child: ChildProcess;
  readonly #name: string;

  /**
   * @param child was started with an `ipc` channel
   * @param name for the message when it ends
   */
  constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.#name = name;
  }

  /**
   * Sends an order and waits for its report.
   *
   * @throws {ProcessEnded} where the process has ended, or ends before it reports
   */
  pass(order: Order): Promise<Report> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new ProcessEnded(`${this.#name} ended with code ${code}`));
      if (this.#child.exitCode !== null) {
        onExit(this.#child.exitCode);
        return;
      }
      this.#child.once('exit', onExit);
      this.#child.once('message', (report) => {
        this.#child.off('exit', onExit);
        resolve(report as Report);
      });
      this.#child.send(order);
    });
  }

  stop(): void {
    this.#child.kill();
  }
}
