//! A world ready to run, and the worlds that come with the program.

use super::calendar::Office;
use super::compile;
use super::parts::{Bot, Category, Checks, Group, Person, Plan, Standing, Start, State, Wait, When};
use super::planted::Planted;
use super::recipe::Recipe;
use super::rng::Stream;

/// Names and texts of the worlds that come with the program.
const RECIPES: [(&str, &str); 2] = [
    ("service-desk", include_str!("../../sample-logs/recipes/service-desk.toml")),
    ("procurement", include_str!("../../sample-logs/recipes/procurement.toml")),
];

/// A workflow that can be run: people, states, waits and habits, as parsed from a recipe.
#[derive(Debug)]
pub struct World {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) plan: Plan,
    pub(super) office: Office,
    pub(super) start: Start,
    pub(super) first_names: Vec<String>,
    pub(super) last_names: Vec<String>,
    pub(super) bots: Vec<Bot>,
    /// Most urgent first.
    pub(super) priorities: Vec<(String, u32)>,
    pub(super) categories: Vec<Category>,
    /// Share of cases with each flaw.
    pub(super) flaws: Vec<f64>,
    pub(super) groups: Vec<Group>,
    pub(super) states: Vec<State>,
    pub(super) effects: Vec<(When, f64)>,
    pub(super) checks: Option<Checks>,
    pub(super) planted: Option<Planted>,
    /// Kind and templates.
    pub(super) texts: Vec<(String, Vec<String>)>,
}

impl World {
    /// Names of the worlds that come with the program.
    pub const BUILTIN: &[&str] = &[RECIPES[0].0, RECIPES[1].0];

    /// Reads a world from a recipe (TOML, `schema = "wcaf.recipe/1"`).
    ///
    /// # Errors
    /// Says what is wrong and where: bad TOML, an unknown key, a name that nothing carries, a number out of range.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        let recipe: Recipe = toml::from_str(text).map_err(|error| error.to_string())?;
        compile::world(recipe)
    }

    /// Returns a world that comes with the program, by name.
    #[must_use]
    pub fn builtin(name: &str) -> Option<Self> {
        Self::from_toml(Self::builtin_recipe(name)?).ok()
    }

    /// Returns the recipe text of a world that comes with the program, to print and to change.
    #[must_use]
    pub fn builtin_recipe(name: &str) -> Option<&'static str> {
        RECIPES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// Returns the name that the recipe gives itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the recipe's description: what the world holds and what is known about it.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// Returns what is wrong with the world on purpose, where its recipe says so.
    #[must_use]
    pub fn planted(&self) -> Option<&Planted> {
        self.planted.as_ref()
    }

    /// Says whether people do work of a stated length, one case after the other.
    pub(super) fn is_staffed(&self) -> bool {
        self.states.iter().any(|state| state.work.is_some())
    }

    /// Returns the name of a person or bot.
    pub(super) fn person(&self, who: Person) -> String {
        match who {
            Person::Requester { first, last } => {
                format!("{} {}", self.first_names[first], self.last_names[last])
            }
            Person::Member { group, index } => self.groups[group].members[index].clone(),
            Person::Manager { group } => self.groups[group].manager.clone(),
            Person::Bot(index) => self.bots[index].name.clone(),
        }
    }

    /// Returns the product of all effects that hold.
    pub(super) fn wait_factor(&self, now: &Standing, flaws: &[bool]) -> f64 {
        self.effects.iter().filter(|(when, _)| when.holds(self, now, flaws)).fold(1.0, |all, (_, factor)| all * factor)
    }

    /// Returns the instant at which a wait that begins at `from_s` ends; waits shorter than `shortest_s` are stretched.
    pub(super) fn wait_end(&self, from_s: i64, wait: &Wait, factor: f64, shortest_s: i64, draw: &mut Stream) -> i64 {
        let seconds = wait.seconds(factor, draw).max(shortest_s);
        if wait.office { self.office.after(from_s, seconds) } else { from_s + seconds }
    }
}
