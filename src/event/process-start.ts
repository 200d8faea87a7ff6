/** An operating system, spelled as ECS `host.os.type`. */
export type OperatingSystem = 'linux' | 'macos' | 'windows';

/** One process as a source describes it. What the source does not send is absent, never guessed. */
export interface ProcessImage {
  /** Base name, as the source gives it or as the last part of `executable`. */
  readonly name?: string;
  /** Path of the started image. */
  readonly executable?: string;
  /** The command line as one string, where the source sends one. */
  readonly commandLine?: string;
  /** The argument vector including argv[0], where the source sends one (never split from `commandLine`). */
  readonly args?: readonly string[];
  /** Operating-system process id, as text. */
  readonly pid?: string;
  /** The source's own unique process id (CrowdStrike `TargetProcessId`, ECS `process.entity_id`, …). */
  readonly entityId?: string;
}

/** What of a process start decides what its command line does. */
export type ProcessCommand = Pick<
  ProcessStart,
  'name' | 'executable' | 'commandLine' | 'args' | 'os' | 'originalFileName' | 'env'
>;

/**
 * What Portreeve's own facts need of a process-start event, whatever its shape. It is derived only for events
 * that some rule asks about, and it is what the alert shows.
 */
export interface ProcessStart extends ProcessImage {
  readonly os?: OperatingSystem;
  /** ISO 8601 time of the start, or of the record where the source gives no other. */
  readonly time?: string;
  readonly workingDirectory?: string;
  /** `OriginalFileName` of a Windows version resource. */
  readonly originalFileName?: string;
  /** Lower-case hexadecimal, by algorithm. */
  readonly hashes?: Readonly<Partial<Record<'md5' | 'sha1' | 'sha256', string>>>;
  readonly user?: { readonly name?: string; readonly id?: string; readonly domain?: string };
  readonly host?: { readonly name?: string; readonly id?: string };
  /** Environment variables, where the source sends them (`KUBECONFIG`, …). */
  readonly env?: Readonly<Record<string, string>>;
  readonly container?: { readonly id?: string; readonly name?: string; readonly image?: string };
  readonly orchestrator?: { readonly cluster?: string; readonly namespace?: string; readonly pod?: string };
  /** What started it. Sources that carry only ids fill `pid` or `entityId`; look-back fills the rest. */
  readonly parent?: ProcessImage;
  /** Nearest first, starting with the grandparent, as far as the source says or look-back finds. */
  readonly ancestors?: readonly ProcessImage[];
  /** The process that opened the session, and how (`sshd`, `init`, …), as Elastic Defend's entry leader says. */
  readonly entry?: ProcessImage & { readonly type?: string };
}
