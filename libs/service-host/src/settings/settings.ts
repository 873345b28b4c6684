/** The environment, as `process.env` has it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One setting: the variable it is read from, and how. */
export interface Setting<T> {
  readonly name: string;
  /** Absent where the setting is required. */
  readonly fallback: { readonly value: T } | undefined;
  /** What is allowed, as the end of a sentence that begins with the name: `must be an integer from 1 to 5`. */
  readonly allowed: string;
  /** Whether a message must not repeat the value. */
  readonly secret: boolean;
  /** Reads a value that is set; undefined where it is not allowed. */
  parse(text: string): T | undefined;
  /** What the other settings want of the value, in the words of `allowed`, where it is not that. */
  conflict?(value: T, settings: Readonly<Record<string, unknown>>): string | undefined;
}

/** A declaration of settings: property name to setting. */
export type SettingsSpec = Readonly<Record<string, Setting<unknown>>>;

/** The object that {@link readSettings} makes of a declaration. */
export type SettingsOf<S extends SettingsSpec> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** The environment is not what the service needs. Its message lists every setting that is wrong. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`bad settings: ${problems.join('; ')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/**
 * Reads settings from the environment, all or nothing. An empty variable counts as unset, as compose files and shells
 * leave them behind.
 *
 * @throws {SettingsError} naming each bad setting, and what is allowed
 */
export function readSettings<S extends SettingsSpec>(env: Environment, spec: S): SettingsOf<S> {
  const problems: string[] = [];
  const entries = Object.entries(spec).map(([key, setting]) => [key, readOne(env, setting, problems)]);
  const settings = Object.freeze(Object.fromEntries(entries)) as SettingsOf<S>;
  if (problems.length === 0) {
    problems.push(...conflicts(spec, settings));
  }
  if (problems.length > 0) {
    throw new SettingsError(problems);
  }
  return settings;
}

function readOne(env: Environment, setting: Setting<unknown>, problems: string[]): unknown {
  const text = env[setting.name]?.trim() ?? '';
  if (text === '') {
    if (setting.fallback === undefined) {
      problems.push(`${setting.name} is not set: it ${setting.allowed}`);
    }
    return setting.fallback?.value;
  }
  const value = setting.parse(text);
  if (value === undefined) {
    const shown = setting.secret ? '' : `, not ${JSON.stringify(text.slice(0, 100))}`;
    problems.push(`${setting.name} ${setting.allowed}${shown}`);
  }
  return value;
}

/** Settings that are allowed each by itself, but not beside the others. */
function conflicts(spec: SettingsSpec, settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(spec).flatMap(([key, setting]) => {
    const wanted = setting.conflict?.(settings[key], settings);
    const shown = setting.secret ? '' : `, not ${JSON.stringify(settings[key])}`;
    return wanted === undefined ? [] : [`${setting.name} ${wanted}${shown}`];
  });
}
