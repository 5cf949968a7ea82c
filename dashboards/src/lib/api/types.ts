/**
 * What the server's API answers, by the names of its OpenAPI document (docs/openapi.json), from
 * which `npm run api` makes schema.d.ts.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

export type AcceptanceTest = Schemas['AcceptanceTest'];
export type Alarm = Schemas['Alarm'];
export type AlarmClass = Schemas['Class'];
export type AlarmFlood = Schemas['AlarmFlood'];
export type AlarmHistoryStep = Schemas['AlarmHistoryStep'];
export type AlarmState = Schemas['AlarmState'];
export type Asset = Schemas['Asset'];
export type AxisItem = Schemas['AxisItem'];
export type Board = Schemas['Board'];
export type BucketColumns = Schemas['BucketColumns'];
export type Check = Schemas['Check'];
export type ChosenSpan = Schemas['ChosenSpan'];
export type CheckStanding = Schemas['CheckStanding'];
export type ClockHold = Schemas['ClockHold'];
export type Condition = Schemas['Condition'];
export type Deviation = Schemas['Deviation'];
export type Dispatched = Schemas['Dispatched'];
export type Entry = Schemas['Entry'];
export type Gate = Schemas['Gate'];
export type Hours = Schemas['Hours'];
export type HistoryStep = Schemas['HistoryStep'];
export type LiveReadings = Schemas['LiveReadings'];
export type Login = Schemas['Login'];
export type NewEntry = Schemas['NewEntry'];
export type NewSession = Schemas['NewSession'];
export type NewVisit = Schemas['NewVisit'];
export type Outcome = Schemas['Outcome'];
export type Point = Schemas['Point'];
export type PointStanding = Schemas['PointStanding'];
export type PointVerdict = Schemas['PointVerdict'];
export type Priority = Schemas['Priority'];
export type Problem = Schemas['Problem'];
export type RejectedPage = Schemas['RejectedPage'];
export type RepairSession = Schemas['RepairSession'];
export type RepairVerdict = Schemas['RepairVerdict'];
export type Role = Schemas['Role'];
export type Session = Schemas['Session'];
export type SessionStep = Schemas['SessionStep'];
export type SessionState = Schemas['SessionState'];
export type Site = Schemas['Site'];
export type SlaClock = Schemas['SlaClock'];
export type Span = Schemas['Span'];
export type Standing = Schemas['Standing'];
export type Suggested = Schemas['Suggested'];
export type Suggestions = Schemas['Suggestions'];
export type Suspension = Schemas['Suspension'];
export type SuspensionKind = Schemas['SuspensionKind'];
export type TargetKind = Schemas['TargetKind'];
export type Technician = Schemas['Technician'];
export type Ticket = Schemas['Ticket'];
export type TicketState = Schemas['TicketState'];
export type Verdict = Schemas['Verdict'];
export type VerdictWindows = Schemas['Windows'];
export type Visit = Schemas['Visit'];
export type VisitChange = Schemas['VisitChange'];
export type VisitState = Schemas['VisitState'];
export type WholeSession = Schemas['WholeSession'];
export type WorkOrder = Schemas['WorkOrder'];

export type Account = Schemas['Account'];
export type AccountChange = Schemas['AccountChange'];
export type AccountState = Schemas['AccountState'];
export type Adoption = Schemas['Adoption'];
export type AdoptedChannel = Schemas['AdoptedChannel'];
export type Binding = Schemas['Binding'];
export type Calibration = Schemas['Calibration'];
export type Channel = Schemas['Channel'];
export type Credential = Schemas['Credential'];
export type ImportKind = Schemas['ImportKind'];
export type ImportReport = Schemas['ImportReport'];
export type Invitation = Schemas['Invitation'];
export type NewAccount = Schemas['NewAccount'];
export type NewBinding = Schemas['NewBinding'];
export type NewCalibration = Schemas['NewCalibration'];
export type PasswordCode = Schemas['PasswordCode'];
export type RulePreset = Schemas['RulePreset'];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
export type FollowedRequest = Schemas['FollowedRequest'];
export type FollowedState = Schemas['FollowedState'];
export type Language = Schemas['Language'];
export type NewPublicRequest = Schemas['NewPublicRequest'];
export type PublicSurvey = Schemas['PublicSurvey'];
export type Receipt = Schemas['Receipt'];
export type SurveyAnswers = Schemas['SurveyAnswers'];
export type SurveyState = Schemas['SurveyState'];
