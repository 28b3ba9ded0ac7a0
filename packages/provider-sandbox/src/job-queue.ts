import type { Ending, Submission } from "./submission.ts";

/** What will happen to a job, decided when it is accepted. */
export interface JobPlan {
  readonly latencyMs: number;
  /** Stays in progress until it is cancelled. */
  readonly hangs: boolean;
  /** Times it goes back into the queue half-way, as after the failure of a runner. */
  readonly requeues: number;
  /** How it ends when nobody cancels it. */
  readonly ending: Ending;
  /** A cancellation that arrives while it runs is taken note of, and it runs on. */
  readonly ignoresCancel: boolean;
  /** How often its end is announced to the webhook. */
  readonly announcements: 0 | 1 | 2;
}

/** A deadline of the customer's: before the start the job is given up; afterwards it is cancelled or left alone. */
export interface JobDeadline {
  readonly afterMs: number;
  readonly whenRunning: "cancel" | "continue";
}

/** The jobs of one provider: a line in order of arrival in front of a limited number of running ones. */
export interface JobQueue {
  add(submission: Submission, plan: JobPlan, deadline?: JobDeadline): void;
  /** False when the job is over already. */
  cancel(submission: Submission): boolean;
  /** How many jobs wait in front of this one; 0 for the next. */
  position(submission: Submission): number;
  /** True once the job is over, false when the time or the signal ran out first. */
  whenFinished(submission: Submission, timeoutMs: number, signal: AbortSignal): Promise<boolean>;
  counts(): { running: number; waiting: number };
  /** Starts what the concurrency allows; called after it was raised. */
  startWaiting(): void;
  /** Forgets every job; none of them ends any more. */
  clear(): void;
}

interface LiveJob {
  readonly submission: Submission;
  readonly plan: JobPlan;
  requeuesLeft: number;
  /** Place in the line: grows with every arrival. 0 while not in the line. */
  ticket: number;
  timer?: NodeJS.Timeout;
  deadlineTimer?: NodeJS.Timeout;
  readonly waiters: Set<() => void>;
}

export interface JobQueueOptions {
  /** Jobs that may run at once; read again whenever one could start. */
  readonly concurrency: () => number;
  readonly onStarted: (submission: Submission, plan: JobPlan) => void;
  readonly onFinished: (submission: Submission, plan: JobPlan, ending: Ending) => void;
  /** What a cancelled job cost. */
  readonly endCancelled: (wasRunning: boolean) => Ending;
}

/** Jobs live in memory and end by timers. */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  return new TimedJobQueue(options);
}

class TimedJobQueue implements JobQueue {
  readonly #options: JobQueueOptions;
  readonly #live = new Map<string, LiveJob>();
  readonly #line: LiveJob[] = [];
  #running = 0;
  #nextTicket = 1;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  add(submission: Submission, plan: JobPlan, deadline?: JobDeadline): void {
    const job: LiveJob = { submission, plan, requeuesLeft: plan.requeues, ticket: 0, waiters: new Set() };
    this.#live.set(submission.id, job);
    if (deadline) job.deadlineTimer = setTimeout(() => this.#expire(job, deadline), deadline.afterMs);
    this.#enter(job);
  }

  cancel(submission: Submission): boolean {
    const job = this.#live.get(submission.id);
    if (!job) return false;
    this.#cancelJob(job);
    return true;
  }

  position(submission: Submission): number {
    const job = this.#live.get(submission.id);
    return job && job.ticket > 0 ? findPlace(this.#line, job.ticket) : this.#line.length;
  }

  whenFinished(submission: Submission, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    const job = this.#live.get(submission.id);
    return job ? waitFor(job.waiters, timeoutMs, signal) : Promise.resolve(true);
  }

  counts(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#live.size - this.#running };
  }

  startWaiting(): void {
    while (this.#running < this.#options.concurrency()) {
      const job = this.#line.shift();
      if (!job) return;
      job.ticket = 0;
      this.#start(job);
    }
  }

  clear(): void {
    for (const job of this.#live.values()) {
      stopTimers(job);
      for (const wake of job.waiters) wake();
    }
    this.#live.clear();
    this.#line.length = 0;
    this.#running = 0;
  }

  #enter(job: LiveJob): void {
    job.ticket = this.#nextTicket++;
    this.#line.push(job);
    this.startWaiting();
  }

  #leave(job: LiveJob): void {
    if (job.submission.state === "running") this.#running -= 1;
    if (job.ticket > 0) this.#line.splice(findPlace(this.#line, job.ticket), 1);
    job.ticket = 0;
  }

  #start(job: LiveJob): void {
    const { submission, plan } = job;
    this.#running += 1;
    submission.state = "running";
    submission.startedAt = Date.now();
    this.#options.onStarted(submission, plan);
    if (plan.hangs) return;
    job.timer =
      job.requeuesLeft > 0
        ? setTimeout(() => this.#requeue(job), plan.latencyMs / 2)
        : setTimeout(() => this.#finish(job, plan.ending), plan.latencyMs);
  }

  // It stays out of the line for a moment, so that a client that polls can see it go back even when nothing else waits.
  #requeue(job: LiveJob): void {
    this.#leave(job);
    job.requeuesLeft -= 1;
    job.submission.state = "waiting";
    job.timer = setTimeout(() => this.#enter(job), job.plan.latencyMs / 2);
    this.startWaiting();
  }

  #cancelJob(job: LiveJob): void {
    const wasRunning = job.submission.state === "running";
    if (!(wasRunning && job.plan.ignoresCancel)) this.#finish(job, this.#options.endCancelled(wasRunning));
  }

  #expire(job: LiveJob, { whenRunning }: JobDeadline): void {
    if (job.submission.state === "waiting") this.#finish(job, { kind: "aborted", billed: false, images: 0 });
    else if (whenRunning === "cancel") this.#cancelJob(job);
  }

  #finish(job: LiveJob, ending: Ending): void {
    this.#leave(job);
    this.#live.delete(job.submission.id);
    stopTimers(job);
    this.#options.onFinished(job.submission, job.plan, ending);
    for (const wake of job.waiters) wake();
    this.startWaiting();
  }
}

function stopTimers(job: LiveJob): void {
  clearTimeout(job.timer);
  clearTimeout(job.deadlineTimer);
}

/** The line is sorted by ticket, so a place is found by halving: thousands of waiting jobs are polled all the time. */
function findPlace(line: readonly LiveJob[], ticket: number): number {
  let [low, high] = [0, line.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((line[middle]?.ticket ?? 0) < ticket) low = middle + 1;
    else high = middle;
  }
  return low;
}

function waitFor(waiters: Set<() => void>, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (finished: boolean) => {
      clearTimeout(timer);
      waiters.delete(wake);
      signal.removeEventListener("abort", giveUp);
      resolve(finished);
    };
    const wake = () => settle(true);
    const giveUp = () => settle(false);
    const timer = setTimeout(giveUp, timeoutMs);
    waiters.add(wake);
    signal.addEventListener("abort", giveUp);
  });
}
