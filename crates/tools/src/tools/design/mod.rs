//! What is to be built: interface, model, pictures, decisions, threats, screens.

mod check_accessibility;
mod check_contrast;
mod check_flows;
mod check_model;
mod check_threats;
mod color;
mod draw_c4;
mod draw_erd;
mod draw_wireframe;
mod generate_openapi;
mod model_rules;
mod model_threats;
pub(crate) mod validate_openapi;
mod write_adr;

tools! {
    check_accessibility::CheckAccessibility,
    check_contrast::CheckContrast,
    check_flows::CheckFlows,
    check_model::CheckModel,
    check_threats::CheckThreats,
    draw_c4::DrawC4,
    draw_erd::DrawErd,
    draw_wireframe::DrawWireframe,
    generate_openapi::GenerateOpenapi,
    model_threats::ModelThreats,
    validate_openapi::ValidateOpenapi,
    write_adr::WriteAdr,
}
