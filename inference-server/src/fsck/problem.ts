import type { VolumeFinding } from '@gantry/contract/fsck.ts'

/** Something that is not as an import leaves it. */
export interface Problem extends Omit<VolumeFinding, 'state'> {
  /**
   * What puts it right without a choice: nothing that a version needs is lost by it. `none`: a person has to. `needless`: nothing has to be done.
   * Resolves to false where it could not be put right after all.
   */
  readonly repair: 'none' | 'needless' | (() => Promise<boolean>)
}
