//! Every route, in one list: it makes the router and the OpenAPI document alike.

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::{self, Guard};
use crate::alarms::suspensions;
use crate::app::App;
use crate::health::{self, Parts};
use crate::http::{idempotency, refused};
use crate::repair_sessions::acceptance as acceptance_tests;
use crate::stock::depots;
use crate::{
    accounts, alarms, assets, attachments, backup, bindings, boards, calibrations, care, changes,
    contracts, customers, diagnosis, evidence, exports, fault_signatures, imports, ingest,
    knowledge, kpis, limits, loyalty, notifications, parts, planning, playbooks, points, proposals,
    rejected, remarks, repair_sessions, requests, returns, rules, search, series, service_levels,
    sessions, shipments, stock, surveys, technicians, tickets, tokens, training, visits, watch,
    work_orders,
};

/// Made of several functions: without optimisation, one that names all routes takes up most of the stack of a thread.
fn documented() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(of_machines())
        .merge(of_repairs())
        .merge(of_quality())
        .merge(of_goods())
        .merge(of_customers())
        .merge(of_house())
        .layer(from_fn(refused::nul_in_body))
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(ingest::receive))
                .layer(DefaultBodyLimit::max(limits::DELIVERY_BYTES)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(imports::import))
                .layer(DefaultBodyLimit::max(limits::IMPORT_BYTES)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(repair_sessions::attach, attachments::of_repair_session))
                .routes(routes!(attachments::of_request, attachments::attach_to_request))
                .routes(routes!(attachments::of_ticket, attachments::attach_to_ticket))
                .routes(routes!(attachments::of_work_order, attachments::attach_to_work_order))
                .routes(routes!(attachments::of_return, attachments::attach_to_return))
                .routes(routes!(attachments::of_article, attachments::attach_to_article))
                .routes(routes!(assets::list_documents, assets::add_document))
                .routes(routes!(requests::send_file))
                .layer(DefaultBodyLimit::max(limits::ATTACHMENT_BYTES)),
        )
}

/// Machines, what is measured of them, and their alarms.
fn of_machines() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(assets::list, assets::register))
        .routes(routes!(assets::show, assets::change))
        .routes(routes!(assets::list_components, assets::install_component))
        .routes(routes!(assets::remove_component))
        .routes(routes!(assets::show_label))
        .routes(routes!(assets::find_by_code))
        .routes(routes!(points::list))
        .routes(routes!(points::readings, points::delete))
        .routes(routes!(points::of_asset))
        .routes(routes!(remarks::list))
        .routes(routes!(remarks::annotate))
        .routes(routes!(remarks::withdraw))
        .routes(routes!(backup::make))
        .routes(routes!(series::list))
        .routes(routes!(series::readings))
        .routes(routes!(alarms::list))
        .routes(routes!(alarms::show))
        .routes(routes!(alarms::acknowledge))
        .routes(routes!(alarms::reset))
        .routes(routes!(suspensions::shelve))
        .routes(routes!(suspensions::unshelve))
        .routes(routes!(suspensions::list, suspensions::add))
        .routes(routes!(suspensions::show))
        .routes(routes!(suspensions::end))
        .routes(routes!(suspensions::list_rules, suspensions::add_rule))
        .routes(routes!(suspensions::delete_rule))
        .routes(routes!(alarms::list_escalations, alarms::change_escalations))
        .routes(routes!(alarms::list_floods))
        .routes(routes!(rules::list_presets))
        .routes(routes!(rules::show_preset, rules::change_preset))
        .routes(routes!(rules::show, rules::change))
        .routes(routes!(rules::try_rules))
        .routes(routes!(boards::list))
        .routes(routes!(boards::adopt))
        .routes(routes!(boards::issue_credential))
        .routes(routes!(boards::list_commands, boards::send))
        .routes(routes!(boards::list_waiting))
        .routes(routes!(boards::list_reports))
        .routes(routes!(bindings::list, bindings::change))
        .routes(routes!(calibrations::list, calibrations::calibrate))
        .routes(routes!(rejected::list))
        .routes(routes!(watch::events))
}

/// From ticket to verdict.
fn of_repairs() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(tickets::list))
        .routes(routes!(tickets::show))
        .routes(routes!(tickets::transition))
        .routes(routes!(fault_signatures::show_finding, fault_signatures::set_finding))
        .routes(routes!(fault_signatures::similar))
        .routes(routes!(fault_signatures::causes))
        .routes(routes!(tickets::show_guarantee, tickets::change_guarantee))
        .routes(routes!(repair_sessions::list, repair_sessions::create))
        .routes(routes!(repair_sessions::show))
        .routes(routes!(repair_sessions::transition))
        .routes(routes!(repair_sessions::extend))
        .routes(routes!(repair_sessions::add))
        .routes(routes!(repair_sessions::verdict, repair_sessions::make_verdict))
        .routes(routes!(repair_sessions::adjust))
        .routes(routes!(repair_sessions::standing))
        .routes(routes!(repair_sessions::confirm))
        .routes(routes!(repair_sessions::sign_exception))
        .routes(routes!(repair_sessions::gate))
        .routes(routes!(repair_sessions::leave))
        .routes(routes!(repair_sessions::report_page))
        .routes(routes!(repair_sessions::report_document))
        .routes(routes!(attachments::read))
        .routes(routes!(evidence::show))
        .routes(routes!(evidence::rotate))
        .routes(routes!(acceptance_tests::list, acceptance_tests::create))
        .routes(routes!(acceptance_tests::show, acceptance_tests::revise))
        .routes(routes!(diagnosis::show, diagnosis::change))
        .routes(routes!(diagnosis::triage))
        .routes(routes!(diagnosis::suspect))
        .routes(routes!(diagnosis::judge))
        .routes(routes!(proposals::list, proposals::create))
        .routes(routes!(proposals::show, proposals::revise))
        .routes(routes!(proposals::transition))
        .routes(routes!(proposals::decide))
        .routes(routes!(proposals::list_waiting))
        .routes(routes!(proposals::versions, proposals::change))
        .routes(routes!(work_orders::list, work_orders::create))
        .routes(routes!(work_orders::show, work_orders::edit))
        .routes(routes!(work_orders::transition))
        .routes(routes!(work_orders::tick))
        .routes(routes!(planning::suggest))
        .routes(routes!(planning::dispatch))
        .routes(routes!(planning::versions, planning::change))
        .routes(routes!(technicians::list))
        .routes(routes!(technicians::change))
        .routes(routes!(technicians::add_absence))
        .routes(routes!(technicians::remove_absence))
        .routes(routes!(visits::list, visits::plan))
        .routes(routes!(visits::show, visits::replan))
        .routes(routes!(visits::transition))
}

/// What customers say, what was promised, and figures.
fn of_quality() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(surveys::list))
        .routes(routes!(surveys::tag))
        .routes(routes!(surveys::withdraw))
        .routes(routes!(surveys::show_public, surveys::answer))
        .routes(routes!(surveys::show_figures))
        .routes(routes!(surveys::versions, surveys::change))
        .routes(routes!(surveys::list_call_backs))
        .routes(routes!(surveys::record_call_back))
        .routes(routes!(surveys::list_actions, surveys::create_action))
        .routes(routes!(surveys::show_action))
        .routes(routes!(surveys::move_action))
        .routes(routes!(kpis::list))
        .routes(routes!(kpis::show_rows))
        .routes(routes!(kpis::versions, kpis::change))
        .routes(routes!(kpis::list_sales))
        .routes(routes!(kpis::keep_sales))
        .routes(routes!(kpis::page))
        .routes(routes!(kpis::table))
        .routes(routes!(kpis::review))
        .routes(routes!(kpis::review_table))
        .routes(routes!(service_levels::list))
        .routes(routes!(service_levels::of_ticket))
        .routes(routes!(service_levels::hold_clock))
        .routes(routes!(service_levels::resume_clock))
        .routes(routes!(service_levels::list_policies))
        .routes(routes!(service_levels::show_policy, service_levels::change_policy))
        .routes(routes!(service_levels::choose))
        .routes(routes!(service_levels::preview))
        .routes(routes!(service_levels::list_calendars))
        .routes(routes!(service_levels::show_calendar, service_levels::change_calendar))
}

/// Parts and what is sent.
fn of_goods() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(parts::list, parts::create))
        .routes(routes!(parts::show, parts::change))
        .routes(routes!(depots::list, depots::create))
        .routes(routes!(depots::show, depots::change))
        .routes(routes!(stock::list))
        .routes(routes!(stock::set_minimum))
        .routes(routes!(stock::list_moves))
        .routes(routes!(stock::receive))
        .routes(routes!(stock::count))
        .routes(routes!(stock::transfer))
        .routes(routes!(stock::scrap))
        .routes(routes!(stock::list_reservations, stock::reserve))
        .routes(routes!(stock::transition))
        .routes(routes!(returns::list, returns::create))
        .routes(routes!(returns::show, returns::change))
        .routes(routes!(returns::transition))
        .routes(routes!(returns::follow))
        .routes(routes!(returns::versions, returns::change_policy))
        .routes(routes!(shipments::list, shipments::create))
        .routes(routes!(shipments::show, shipments::change))
        .routes(routes!(shipments::transition))
        .routes(routes!(shipments::confirm))
        .routes(routes!(shipments::add))
        .routes(routes!(shipments::plan))
        .routes(routes!(shipments::follow))
}

/// Customers and what they ask.
fn of_customers() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(customers::list, customers::create))
        .routes(routes!(customers::show, customers::change))
        .routes(routes!(customers::list_sites, customers::create_site))
        .routes(routes!(customers::show_site, customers::change_site))
        .routes(routes!(customers::list_contacts, customers::create_contact))
        .routes(routes!(customers::show_contact, customers::change_contact))
        .routes(routes!(search::search))
        .routes(routes!(exports::segment))
        .routes(routes!(exports::customers))
        .routes(routes!(exports::contacts))
        .routes(routes!(exports::sites))
        .routes(routes!(exports::assets))
        .routes(routes!(exports::requests))
        .routes(routes!(exports::tickets))
        .routes(routes!(exports::work_orders))
        .routes(routes!(exports::visits))
        .routes(routes!(exports::surveys))
        .routes(routes!(contracts::list, contracts::create))
        .routes(routes!(contracts::show, contracts::change))
        .routes(routes!(requests::ask))
        .routes(routes!(requests::follow))
        .routes(routes!(requests::write_again))
        .routes(routes!(requests::read_file))
        .routes(routes!(requests::list_inboxes, requests::make_inbox))
        .routes(routes!(requests::withdraw_inbox))
        .routes(routes!(requests::prove, requests::receive))
        .routes(routes!(requests::list, requests::create))
        .routes(routes!(requests::show, requests::change))
        .routes(routes!(requests::classify))
        .routes(routes!(requests::write))
        .routes(routes!(requests::open_ticket))
        .routes(routes!(requests::transition))
        .routes(routes!(requests::versions, requests::change_table))
        .routes(routes!(requests::intake_versions, requests::change_intake))
        .routes(routes!(care::list))
        .routes(routes!(care::withdraw))
        .routes(routes!(care::versions, care::change))
        .routes(routes!(loyalty::list))
        .routes(routes!(loyalty::show, loyalty::add))
        .routes(routes!(loyalty::versions, loyalty::change))
}

/// What the house knows, its people, and what it tells them.
fn of_house() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(playbooks::list, playbooks::create))
        .routes(routes!(playbooks::show, playbooks::revise))
        .routes(routes!(playbooks::versions))
        .routes(routes!(playbooks::of_ticket))
        .routes(routes!(playbooks::on_ticket))
        .routes(routes!(playbooks::list_runs))
        .routes(routes!(playbooks::show_run))
        .routes(routes!(playbooks::mark))
        .routes(routes!(playbooks::transition))
        .routes(routes!(playbooks::drill))
        .routes(routes!(playbooks::due))
        .routes(routes!(playbooks::list_drill_policies, playbooks::change_drills))
        .routes(routes!(knowledge::list, knowledge::create))
        .routes(routes!(knowledge::show, knowledge::revise))
        .routes(routes!(knowledge::versions))
        .routes(routes!(knowledge::submit))
        .routes(routes!(knowledge::review))
        .routes(routes!(knowledge::vote))
        .routes(routes!(knowledge::list_votes))
        .routes(routes!(knowledge::of_ticket))
        .routes(routes!(knowledge::make_case))
        .routes(routes!(training::list, training::create))
        .routes(routes!(training::show, training::change))
        .routes(routes!(training::list_records, training::record))
        .routes(routes!(training::own))
        .routes(routes!(training::withdraw))
        .routes(routes!(training::show_coverage))
        .routes(routes!(training::versions, training::change_policy))
        .routes(routes!(accounts::list, accounts::invite))
        .routes(routes!(accounts::show, accounts::change))
        .routes(routes!(accounts::send_code))
        .routes(routes!(accounts::set_password))
        .routes(routes!(tokens::list, tokens::issue))
        .routes(routes!(tokens::revoke))
        .routes(routes!(access::show))
        .routes(routes!(changes::list))
        .routes(routes!(notifications::list_outbox))
        .routes(routes!(notifications::show_message))
        .routes(routes!(notifications::retry_message))
        .routes(routes!(notifications::withdraw_message))
        .routes(routes!(notifications::list_addresses, notifications::add_address))
        .routes(routes!(notifications::change_address, notifications::delete_address))
        .routes(routes!(notifications::try_address))
        .routes(routes!(notifications::list_rules, notifications::change_rules))
        .routes(routes!(notifications::show_push_key))
        .routes(routes!(sessions::sign_in, sessions::show, sessions::sign_out))
}

/// The whole HTTP interface.
pub fn router(app: App, parts: Parts) -> Router {
    let (api, document) = documented().split_for_parts();
    let guard = Guard::new(app.clone(), &document);
    api.route_layer(from_fn_with_state(app.clone(), idempotency::once))
        .route_layer(from_fn_with_state(guard, access::pass))
        .layer(from_fn(refused::nul_in_address))
        .layer(from_fn(refused::as_problem))
        .route("/api/openapi.json", get(async move || Json(document)))
        .with_state(app)
        .merge(health::router(parts))
        .fallback(get(crate::http::page))
}

/// The OpenAPI 3.1 document of [`router`].
#[must_use]
pub fn document() -> OpenApi {
    documented().into_openapi()
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Aftercare",
        description = "Field service with the machine's own evidence. Times are RFC 3339 in UTC \
                       unless a name ends in `_ms` or `_us`. Errors are application/problem+json \
                       (RFC 9457). Lists that have a `next_cursor` go on with it as `cursor`."
    ),
    components(schemas(
        watch::LiveReadings,
        alarms::AlarmFlood,
        crate::http::ProblemBody,
        changes::FieldConflict
    )),
    security(("token" = []), ("session" = [])),
    modifiers(&Access)
)]
struct Document;

/// The two ways to say who is asking.
struct Access;

impl utoipa::Modify for Access {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let cookie = ApiKeyValue::with_description(
            sessions::COOKIE,
            "Set by a login; changes need the header X-Requested-With as well.",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("token", bearer);
    }
}
