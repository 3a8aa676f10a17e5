import type { HandBuilt } from '../hand-built.ts'
import { meetingDecisions } from './meeting-decisions.ts'
import { meetingNumbers } from './meeting-numbers.ts'
import { meetingPlaces } from './meeting-places.ts'

/** Graphs in which rows meet, each in its own way; none may be called independent. */
export const meetingGraphs: readonly HandBuilt[] = [...meetingDecisions, ...meetingNumbers, ...meetingPlaces]
