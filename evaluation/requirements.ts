/** Whether a candidate can do what an evaluation requires (article 2.1.1). */
import type { Candidate, RankingSpec } from './evaluation.ts'

/** What a candidate cannot do although it is required, a sentence each, such as `cannot translate: translation is required`. */
export const lacking = (_requirements: RankingSpec['requirements'], _candidate: Candidate): readonly string[] => []
