/** What kube-score reports, without what the exceptions name. */
import type { Exception } from './exceptions.ts'

/** The part of `kube-score score -o json` that is read here. */
export interface ScoredObject {
  readonly object_name: string
  readonly checks: readonly {
    readonly check: { readonly id: string }
    /** 1 is critical, 5 a warning, 7 nearly fine, 10 fine. */
    readonly grade: number
    readonly skipped: boolean
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null
  }[]
}

const worstWarning = 5

export interface Finding {
  readonly check: string
  /** KIND/APIVERSION/NAMESPACE/NAME, and the container in brackets where the check looks at one. */
  readonly of: string
  readonly says: string
}

const findingsOf = ({ object_name, checks }: ScoredObject): readonly Finding[] =>
  checks
    .filter(({ grade, skipped }) => !skipped && grade <= worstWarning)
    .flatMap(({ check, comments }) =>
      // A check that fails without a word would otherwise not be seen.
      (comments?.length ? comments : [{ path: '', summary: '' }]).map(({ path, summary }) => ({
        check: check.id,
        of: path === '' ? object_name : `${object_name} (${path})`,
        says: summary,
      })),
    )

const covers = (exception: Exception, finding: Finding): boolean =>
  exception.check === finding.check && exception.of.test(finding.of) && exception.says.test(finding.says)

/** @returns a line for each finding without an exception, and for each exception without a finding */
export const complaints = (
  scored: readonly ScoredObject[],
  exceptions: readonly Exception[],
): readonly string[] => {
  const findings = scored.flatMap(findingsOf)
  const open = findings.filter((finding) => !exceptions.some((one) => covers(one, finding)))
  const needless = exceptions.filter((one) => !findings.some((finding) => covers(one, finding)))
  return [
    ...new Set(open.map(({ check, of, says }) => `${of}: ${check}: ${says}`)),
    ...needless.map(({ check, of }) => `the exception of ${check} for ${of} is not needed: remove it`),
  ]
}
