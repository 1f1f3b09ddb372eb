/** One of several processes, seen from inside: its tie to the supervisor. */

/** Settles when the supervisor has gone: nobody is left to stop this process. */
export function supervisorGone(): Promise<string> {
  return new Promise((resolve) => process.once('disconnect', () => resolve('disconnect')));
}

/** Lets go of the supervisor, whose channel keeps this process alive. */
export function leaveSupervisor(): void {
  if (process.connected) process.disconnect();
}
