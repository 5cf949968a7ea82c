//! The one table: role × route × own or everybody's data.

use super::{Role, Subject};
use Subject::{
    Alarm, Asset, Attachment, CallBack, Contact, Contract, Customer, Point, Proposal,
    RepairSession, Request, Site, SlaClock, Suppression, Survey, Suspension, Ticket, Visit,
    WorkOrder,
};
use Whose::{Body, Cut, Mixed, Nobodys, Open, Path, Query};

/// What a role may reach through a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    Nothing,
    /// What belongs to the sites and customers that were granted to the account.
    Own,
    /// Everything, unless the account is limited to what it was granted.
    All,
}

/// How it is found out whose data a route is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// No customer's: policies, catalogues, oneself.
    Nobodys,
    /// Everybody's at once, not told apart: limited accounts are refused.
    Mixed,
    /// A list that cuts itself to the caller's reach.
    Cut,
    /// The first id in the path names it.
    Path(Subject),
    /// This key of the query names it.
    Query(Subject, &'static str),
    /// The body names it; the handler checks that it is within reach.
    Body,
    /// For anybody, without a login.
    Open,
}

/// A row.
pub(super) struct Row {
    pub operation: &'static str,
    pub whose: Whose,
    cells: [Cell; 7],
    gateway: bool,
}

impl Row {
    pub fn cell(&self, role: Role) -> Cell {
        match role {
            Role::Customer => self.cells[0],
            Role::CustomerService => self.cells[1],
            Role::Technician => self.cells[2],
            Role::Engineer => self.cells[3],
            Role::Quality => self.cells[4],
            Role::Dispatcher => self.cells[5],
            Role::Manager => self.cells[6],
            Role::Admin => Cell::All,
            Role::Gateway if self.gateway => Cell::All,
            Role::Gateway => Cell::Nothing,
        }
    }
}

const fn row(operation: &'static str, whose: Whose, cells: [Cell; 7]) -> Row {
    Row { operation, whose, cells, gateway: false }
}

/// The row of an operation.
pub(super) fn row_of(operation: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.operation == operation)
}

const N: Cell = Cell::Nothing;
const O: Cell = Cell::Own;
const A: Cell = Cell::All;

/// Who may do what. Administrators may do everything. Columns: customer, customer service, technician,
/// engineer, quality, dispatcher, manager.
#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    //                                                          cust serv tech engi qual disp mana
    // Machines and their readings.
    row("list_assets",               Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("show_asset",                Path(Asset),               [O,   A,   A,   A,   A,   A,   A]),
    row("register_asset",            Body,                      [N,   A,   N,   A,   N,   A,   A]),
    row("change_asset",              Path(Asset),               [N,   A,   N,   A,   N,   A,   A]),
    row("list_components",           Path(Asset),               [O,   A,   A,   A,   A,   A,   A]),
    row("install_component",         Path(Asset),               [N,   A,   A,   A,   N,   A,   A]),
    row("remove_component",          Path(Asset),               [N,   A,   A,   A,   N,   A,   A]),
    row("list_documents",            Path(Asset),               [O,   A,   A,   A,   A,   A,   A]),
    row("add_document",              Path(Asset),               [N,   A,   A,   A,   A,   A,   A]),
    row("show_label",                Path(Asset),               [O,   A,   A,   A,   A,   A,   A]),
    row("find_asset_by_code",        Body,                      [O,   A,   A,   A,   A,   A,   A]),
    row("list_points",               Query(Asset, "asset"),     [O,   A,   A,   A,   A,   A,   A]),
    row("read_readings",             Query(Point, "point"),     [O,   A,   A,   A,   A,   A,   A]),
    row("read_asset_readings",       Path(Asset),               [O,   A,   A,   A,   A,   A,   A]),
    row("delete_readings",           Mixed,                     [N,   N,   N,   N,   N,   N,   N]),
    row("list_series",               Mixed,                     [N,   N,   A,   A,   A,   N,   A]),
    row("read_series",               Mixed,                     [N,   N,   A,   A,   A,   N,   A]),
    row("watch_events",              Mixed,                     [N,   A,   A,   A,   A,   A,   A]),
    row("show_guarantee",            Path(Asset),               [O,   A,   A,   A,   A,   A,   A]),
    row("change_guarantee",          Path(Asset),               [N,   N,   N,   N,   N,   N,   A]),
    // The customer file. What it says about customers is not for them.
    row("list_customers",            Cut,                       [N,   A,   A,   A,   A,   A,   A]),
    row("add_customer",              Mixed,                     [N,   A,   N,   N,   N,   A,   A]),
    row("show_customer",             Path(Customer),            [N,   A,   A,   A,   A,   A,   A]),
    row("change_customer",           Path(Customer),            [N,   A,   N,   N,   N,   A,   A]),
    row("list_sites",                Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("add_site",                  Body,                      [N,   A,   N,   N,   N,   A,   A]),
    row("show_site",                 Path(Site),                [O,   A,   A,   A,   A,   A,   A]),
    row("change_site",               Path(Site),                [N,   A,   N,   N,   N,   A,   A]),
    row("list_contacts",             Cut,                       [N,   A,   A,   A,   A,   A,   A]),
    row("add_contact",               Body,                      [N,   A,   N,   N,   N,   A,   A]),
    row("show_contact",              Path(Contact),             [N,   A,   A,   A,   A,   A,   A]),
    row("change_contact",            Path(Contact),             [N,   A,   N,   N,   N,   A,   A]),
    row("list_contracts",            Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("add_contract",              Body,                      [N,   A,   N,   N,   N,   N,   A]),
    row("show_contract",             Path(Contract),            [O,   A,   A,   A,   A,   A,   A]),
    row("change_contract",           Path(Contract),            [N,   A,   N,   N,   N,   N,   A]),
    // Import and export: everything at once.
    row("import_file",               Mixed,                     [N,   A,   N,   N,   N,   N,   A]),
    row("export_segment",            Cut,                       [N,   A,   N,   N,   N,   N,   A]),
    row("export_customers",          Cut,                       [N,   A,   N,   N,   N,   N,   A]),
    row("export_contacts",           Cut,                       [N,   A,   N,   N,   N,   N,   A]),
    row("export_sites",              Cut,                       [N,   A,   N,   N,   N,   A,   A]),
    row("export_assets",             Cut,                       [N,   A,   N,   A,   A,   A,   A]),
    row("export_requests",           Cut,                       [N,   A,   N,   N,   A,   N,   A]),
    row("export_tickets",            Cut,                       [N,   A,   N,   A,   A,   A,   A]),
    row("export_work_orders",        Cut,                       [N,   A,   N,   A,   A,   A,   A]),
    row("export_visits",             Cut,                       [N,   A,   N,   A,   A,   A,   A]),
    row("export_surveys",            Cut,                       [N,   A,   N,   N,   A,   N,   A]),
    // Requests. Whoever asks follows the request by its link.
    row("ask",                       Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("follow_request",            Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("write_again",               Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("send_file",                 Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("read_file",                 Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("list_requests",             Cut,                       [N,   A,   A,   A,   A,   A,   A]),
    row("add_request",               Body,                      [N,   A,   A,   A,   A,   A,   A]),
    row("show_request",              Path(Request),             [N,   A,   A,   A,   A,   A,   A]),
    row("change_request",            Path(Request),             [N,   A,   N,   A,   N,   A,   A]),
    row("classify_request",          Path(Request),             [N,   A,   N,   A,   A,   A,   A]),
    row("write_request_message",     Path(Request),             [N,   A,   A,   A,   A,   A,   A]),
    row("open_request_ticket",       Path(Request),             [N,   A,   N,   A,   N,   A,   A]),
    row("move_request",              Path(Request),             [N,   A,   N,   A,   A,   A,   A]),
    row("list_priority_tables",      Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("change_priority_table",     Nobodys,                   [N,   N,   N,   N,   N,   N,   A]),
    // Alarms.
    row("list_alarms",               Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("show_alarm",                Path(Alarm),               [O,   A,   A,   A,   A,   A,   A]),
    row("acknowledge_alarm",         Path(Alarm),               [N,   N,   A,   A,   N,   A,   A]),
    row("reset_alarm",               Path(Alarm),               [N,   N,   A,   A,   N,   N,   N]),
    row("shelve_alarm",              Path(Alarm),               [N,   N,   A,   A,   N,   A,   N]),
    row("unshelve_alarm",            Path(Alarm),               [N,   N,   A,   A,   N,   A,   N]),
    row("list_suspensions",          Cut,                       [N,   A,   A,   A,   A,   A,   A]),
    row("suspend_alarms",            Body,                      [N,   N,   A,   A,   N,   A,   N]),
    row("show_suspension",           Path(Suspension),          [N,   A,   A,   A,   A,   A,   A]),
    row("end_suspension",            Path(Suspension),          [N,   N,   A,   A,   N,   A,   N]),
    row("list_alarm_suppressions",   Cut,                       [N,   N,   A,   A,   A,   N,   A]),
    row("add_alarm_suppression",     Body,                      [N,   N,   N,   A,   N,   N,   N]),
    row("delete_alarm_suppression",  Path(Suppression),         [N,   N,   N,   A,   N,   N,   N]),
    row("list_alarm_escalations",    Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("change_alarm_escalations",  Nobodys,                   [N,   N,   N,   A,   N,   N,   A]),
    row("list_alarm_floods",         Mixed,                     [N,   A,   A,   A,   A,   A,   A]),
    // Tickets and what past ones teach.
    row("list_tickets",              Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("show_ticket",               Path(Ticket),              [O,   A,   A,   A,   A,   A,   A]),
    row("move_ticket",               Path(Ticket),              [N,   A,   A,   A,   A,   A,   A]),
    row("show_finding",              Path(Ticket),              [N,   A,   A,   A,   A,   A,   A]),
    row("set_finding",               Path(Ticket),              [N,   N,   A,   A,   A,   N,   N]),
    row("show_similar_tickets",      Path(Ticket),              [N,   A,   A,   A,   A,   A,   A]),
    row("list_fault_causes",         Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    // Diagnosis and proposals.
    row("show_diagnosis",            Path(Ticket),              [N,   A,   A,   A,   A,   A,   A]),
    row("change_diagnosis",          Path(Ticket),              [N,   A,   A,   A,   N,   A,   N]),
    row("triage_ticket",             Path(Ticket),              [N,   A,   A,   A,   N,   A,   A]),
    row("suspect_cause",             Path(Ticket),              [N,   N,   A,   A,   A,   N,   N]),
    row("judge_cause",               Path(Ticket),              [N,   N,   A,   A,   A,   N,   N]),
    row("list_proposals",            Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("make_proposal",             Body,                      [N,   N,   A,   A,   N,   A,   A]),
    row("show_proposal",             Path(Proposal),            [O,   A,   A,   A,   A,   A,   A]),
    row("revise_proposal",           Path(Proposal),            [N,   N,   A,   A,   N,   A,   A]),
    row("move_proposal",             Path(Proposal),            [N,   N,   A,   A,   N,   A,   A]),
    row("decide_proposal",           Path(Proposal),            [O,   A,   A,   A,   A,   A,   A]),
    row("list_waiting_approvals",    Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("list_approval_policies",    Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("change_approval_policy",    Nobodys,                   [N,   N,   N,   N,   N,   N,   A]),
    // Service levels.
    row("list_sla_clocks",           Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("list_ticket_sla_clocks",    Path(Ticket),              [O,   A,   A,   A,   A,   A,   A]),
    row("hold_sla_clock",            Path(SlaClock),            [N,   A,   N,   N,   N,   A,   A]),
    row("resume_sla_clock",          Path(SlaClock),            [N,   A,   N,   N,   N,   A,   A]),
    row("list_sla_policies",         Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("show_sla_policy",           Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("change_sla_policy",         Nobodys,                   [N,   N,   N,   N,   N,   N,   A]),
    row("choose_default_sla_policy", Nobodys,                   [N,   N,   N,   N,   N,   N,   A]),
    row("preview_sla_policy",        Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("list_calendars",            Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("show_calendar",             Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("change_calendar",           Nobodys,                   [N,   N,   N,   N,   N,   A,   A]),
    // Work orders and visits.
    row("list_work_orders",          Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("make_work_order",           Body,                      [N,   A,   A,   A,   N,   A,   A]),
    row("show_work_order",           Path(WorkOrder),           [O,   A,   A,   A,   A,   A,   A]),
    row("edit_work_order",           Path(WorkOrder),           [N,   A,   A,   A,   N,   A,   A]),
    row("move_work_order",           Path(WorkOrder),           [N,   A,   A,   A,   A,   A,   A]),
    row("tick_work_order_step",      Path(WorkOrder),           [N,   N,   A,   A,   N,   A,   N]),
    row("suggest_visits",            Path(WorkOrder),           [N,   A,   N,   N,   N,   A,   A]),
    row("dispatch_work_order",       Path(WorkOrder),           [N,   A,   N,   N,   N,   A,   A]),
    row("list_planning_policies",    Nobodys,                   [N,   A,   N,   N,   N,   A,   A]),
    row("change_planning_policy",    Nobodys,                   [N,   N,   N,   N,   N,   A,   A]),
    row("list_technicians",          Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("keep_technician",           Nobodys,                   [N,   N,   N,   N,   N,   A,   A]),
    row("add_absence",               Nobodys,                   [N,   N,   N,   N,   N,   A,   A]),
    row("remove_absence",            Nobodys,                   [N,   N,   N,   N,   N,   A,   A]),
    row("list_visits",               Cut,                       [O,   A,   A,   A,   A,   A,   A]),
    row("plan_visit",                Body,                      [N,   A,   N,   N,   N,   A,   A]),
    row("show_visit",                Path(Visit),               [O,   A,   A,   A,   A,   A,   A]),
    row("replan_visit",              Path(Visit),               [N,   A,   N,   N,   N,   A,   A]),
    row("move_visit",                Path(Visit),               [N,   A,   A,   A,   N,   A,   A]),
    // Attachments.
    row("read_attachment",           Path(Attachment),          [O,   A,   A,   A,   A,   A,   A]),
    row("list_request_attachments",  Path(Request),             [N,   A,   A,   A,   A,   A,   A]),
    row("attach_to_request",         Path(Request),             [N,   A,   A,   A,   A,   A,   A]),
    row("list_ticket_attachments",   Path(Ticket),              [O,   A,   A,   A,   A,   A,   A]),
    row("attach_to_ticket",          Path(Ticket),              [O,   A,   A,   A,   A,   A,   A]),
    row("list_work_order_attachments", Path(WorkOrder),         [O,   A,   A,   A,   A,   A,   A]),
    row("attach_to_work_order",      Path(WorkOrder),           [N,   A,   A,   A,   A,   A,   A]),
    row("list_repair_session_attachments", Path(RepairSession), [N,   A,   A,   A,   A,   A,   A]),
    // Repairs.
    row("list_repair_sessions",      Cut,                       [N,   A,   A,   A,   A,   A,   A]),
    row("prepare_repair_session",    Body,                      [N,   N,   A,   A,   N,   A,   N]),
    row("show_repair_session",       Path(RepairSession),       [N,   A,   A,   A,   A,   A,   A]),
    row("move_repair_session",       Path(RepairSession),       [N,   N,   A,   A,   N,   N,   N]),
    row("extend_repair_session",     Path(RepairSession),       [N,   N,   A,   A,   N,   N,   N]),
    row("add_repair_session_entry",  Path(RepairSession),       [N,   N,   A,   A,   N,   N,   N]),
    row("attach_to_repair_session",  Path(RepairSession),       [N,   N,   A,   A,   N,   N,   N]),
    row("show_acceptance",           Path(RepairSession),       [N,   A,   A,   A,   A,   A,   A]),
    row("confirm_acceptance_check",  Path(RepairSession),       [N,   N,   A,   A,   N,   N,   N]),
    row("sign_acceptance_exception", Path(RepairSession),       [N,   N,   A,   A,   A,   N,   A]),
    row("show_gate",                 Path(RepairSession),       [N,   A,   A,   A,   A,   A,   A]),
    row("leave_site",                Path(RepairSession),       [N,   N,   A,   A,   N,   N,   N]),
    row("list_verdicts",             Path(RepairSession),       [O,   A,   A,   A,   A,   A,   A]),
    row("make_verdict",              Path(RepairSession),       [N,   N,   A,   A,   A,   N,   N]),
    row("adjust_windows",            Path(RepairSession),       [N,   N,   N,   A,   A,   N,   N]),
    row("read_report_page",          Path(RepairSession),       [O,   A,   A,   A,   A,   A,   A]),
    row("read_report_document",      Path(RepairSession),       [O,   A,   A,   A,   A,   A,   A]),
    row("show_evidence_key",         Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("rotate_evidence_key",       Nobodys,                   [N,   N,   N,   N,   N,   N,   N]),
    row("list_acceptance_tests",     Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("make_acceptance_test",      Nobodys,                   [N,   N,   N,   A,   A,   N,   N]),
    row("show_acceptance_test",      Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("revise_acceptance_test",    Nobodys,                   [N,   N,   N,   A,   A,   N,   N]),
    // Rules, boards, sensors.
    row("list_rule_presets",         Nobodys,                   [N,   N,   A,   A,   A,   N,   A]),
    row("show_rule_preset",          Nobodys,                   [N,   N,   A,   A,   A,   N,   A]),
    row("change_rule_preset",        Nobodys,                   [N,   N,   N,   A,   N,   N,   N]),
    row("show_rules",                Path(Asset),               [N,   N,   A,   A,   A,   N,   A]),
    row("change_rules",              Path(Asset),               [N,   N,   N,   A,   N,   N,   N]),
    row("try_rules",                 Path(Asset),               [N,   N,   N,   A,   A,   N,   N]),
    row("list_boards",               Mixed,                     [N,   N,   A,   A,   A,   A,   A]),
    row("adopt_board",               Mixed,                     [N,   N,   A,   A,   N,   N,   N]),
    row("issue_board_credential",    Mixed,                     [N,   N,   A,   A,   N,   N,   N]),
    row("list_bindings",             Mixed,                     [N,   N,   A,   A,   A,   N,   A]),
    row("bind_channel",              Mixed,                     [N,   N,   A,   A,   N,   N,   N]),
    row("list_calibrations",         Mixed,                     [N,   N,   A,   A,   A,   N,   A]),
    row("calibrate_channel",         Mixed,                     [N,   N,   A,   A,   N,   N,   N]),
    row("list_rejected",             Mixed,                     [N,   N,   A,   A,   A,   N,   A]),
    Row { operation: "receive_delivery", whose: Nobodys, cells: [N, N, N, N, N, N, N], gateway: true },
    // Satisfaction.
    row("list_surveys",              Cut,                       [N,   A,   N,   A,   A,   A,   A]),
    row("tag_survey",                Path(Survey),              [N,   A,   N,   N,   A,   N,   A]),
    row("withdraw_survey",           Path(Survey),              [N,   A,   N,   N,   A,   N,   A]),
    row("show_public_survey",        Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("answer_survey",             Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("show_survey_figures",       Mixed,                     [N,   A,   A,   A,   A,   A,   A]),
    row("list_survey_policies",      Nobodys,                   [N,   A,   N,   N,   A,   N,   A]),
    row("change_survey_policy",      Nobodys,                   [N,   N,   N,   N,   A,   N,   A]),
    row("list_call_backs",           Cut,                       [N,   A,   N,   N,   A,   N,   A]),
    row("record_call_back",          Path(CallBack),            [N,   A,   N,   N,   A,   N,   A]),
    row("list_corrective_actions",   Mixed,                     [N,   A,   A,   A,   A,   A,   A]),
    row("make_corrective_action",    Mixed,                     [N,   N,   N,   N,   A,   N,   A]),
    row("show_corrective_action",    Mixed,                     [N,   A,   A,   A,   A,   A,   A]),
    row("move_corrective_action",    Mixed,                     [N,   N,   N,   N,   A,   N,   A]),
    // Notifications.
    row("list_outbox",               Mixed,                     [N,   A,   N,   N,   N,   A,   A]),
    row("show_message",              Mixed,                     [N,   A,   N,   N,   N,   A,   A]),
    row("retry_message",             Mixed,                     [N,   A,   N,   N,   N,   A,   A]),
    row("withdraw_message",          Mixed,                     [N,   A,   N,   N,   N,   A,   A]),
    row("list_notification_addresses", Mixed,                   [N,   A,   N,   N,   N,   A,   A]),
    row("add_notification_address",  Mixed,                     [N,   A,   N,   N,   N,   A,   A]),
    row("change_notification_address", Mixed,                   [N,   A,   N,   N,   N,   A,   A]),
    row("delete_notification_address", Mixed,                   [N,   A,   N,   N,   N,   A,   A]),
    row("try_notification_address",  Mixed,                     [N,   A,   N,   N,   N,   A,   A]),
    row("list_notification_rules",   Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("change_notification_rules", Nobodys,                   [N,   N,   N,   N,   N,   N,   A]),
    row("show_push_key",             Nobodys,                   [A,   A,   A,   A,   A,   A,   A]),
    // People, and the whole.
    row("list_accounts",             Nobodys,                   [N,   N,   N,   N,   N,   N,   A]),
    row("invite_account",            Nobodys,                   [N,   N,   N,   N,   N,   N,   N]),
    row("show_account",              Nobodys,                   [N,   N,   N,   N,   N,   N,   A]),
    row("change_account",            Nobodys,                   [N,   N,   N,   N,   N,   N,   N]),
    row("send_password_code",        Nobodys,                   [N,   N,   N,   N,   N,   N,   N]),
    row("set_password",              Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("list_tokens",               Nobodys,                   [N,   N,   N,   N,   N,   N,   N]),
    row("issue_token",               Nobodys,                   [N,   N,   N,   N,   N,   N,   N]),
    row("revoke_token",              Nobodys,                   [N,   N,   N,   N,   N,   N,   N]),
    row("sign_in",                   Open,                      [A,   A,   A,   A,   A,   A,   A]),
    row("show_session",              Nobodys,                   [A,   A,   A,   A,   A,   A,   A]),
    row("sign_out",                  Nobodys,                   [A,   A,   A,   A,   A,   A,   A]),
    row("show_access",               Nobodys,                   [N,   A,   A,   A,   A,   A,   A]),
    row("list_changes",              Mixed,                     [N,   N,   N,   A,   A,   A,   A]),
    row("make_backup",               Mixed,                     [N,   N,   N,   N,   N,   N,   N]),
];
