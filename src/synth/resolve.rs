//! The parts of a recipe, resolved: names become indices, durations become seconds, words become choices.

use super::parts::{
    Act, By, Category, Checks, During, Next, Owner, Reply, State, Target, Unseen, Wait, When, Work, Z90,
};
use super::recipe;

/// Classes a state can have, the words of the analysis.
const CLASSES: [&str; 9] =
    ["queue", "active", "approval", "waiting_requester", "waiting_external", "blocked", "review", "done", "cancelled"];
/// Limit of status checks per case.
const MOST_CHECKS_PER_CASE: u32 = 20;

/// A result, or what is wrong with the recipe.
pub(super) type Outcome<T> = Result<T, String>;

/// The names that the parts of a recipe may use.
pub(super) struct Names {
    pub(super) states: Vec<String>,
    pub(super) groups: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) priorities: Vec<String>,
    pub(super) flaws: Vec<String>,
    pub(super) bots: Vec<String>,
    pub(super) texts: Vec<String>,
}

/// Returns the position of a name.
pub(super) fn find(what: &str, list: &[String], name: &str) -> Outcome<usize> {
    list.iter()
        .position(|known| known == name)
        .ok_or_else(|| format!("no {what} is called `{name}`; there are: {}", list.join(", ")))
}

/// Returns the positions of several names.
pub(super) fn find_all(what: &str, list: &[String], wanted: &[String]) -> Outcome<Vec<usize>> {
    wanted.iter().map(|name| find(what, list, name)).collect()
}

/// Checks a probability or share.
pub(super) fn share(what: &str, value: f64) -> Outcome<f64> {
    if (0.0..=1.0).contains(&value) { Ok(value) } else { Err(format!("{what} is {value}, must be within 0 and 1")) }
}

/// Reads a duration as (seconds, in office hours).
fn duration(text: &str) -> Outcome<(u32, bool)> {
    let bad = || format!("`{text}` is no duration; write a whole number and one of min, h, d, bh");
    let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
    let (scale, office) = match &text[unit_at..] {
        "min" => (60, false),
        "h" => (3_600, false),
        "d" => (86_400, false),
        "bh" => (3_600, true),
        _ => return Err(bad()),
    };
    let number: u32 = text[..unit_at].parse().map_err(|_| bad())?;
    let seconds = number.checked_mul(scale).filter(|seconds| *seconds > 0).ok_or_else(bad)?;
    Ok((seconds, office))
}

/// Reads a duration on the wall clock, in seconds.
pub(super) fn wall(text: &str) -> Outcome<i64> {
    match duration(text)? {
        (seconds, false) => Ok(i64::from(seconds)),
        (_, true) => Err(format!("`{text}` counts office hours, a bot runs on the wall clock")),
    }
}

/// Reads a wait: median and p90 on the same clock.
fn wait(wait: &recipe::Wait) -> Outcome<Wait> {
    let (median_s, office) = duration(&wait.median)?;
    let Some(text) = &wait.p90 else {
        return Ok(Wait { median_s, sigma: 0.0, office });
    };
    let (p90_s, same) = duration(text)?;
    if same != office || p90_s < median_s {
        return Err(format!("p90 `{text}` must be on the same clock as median `{}` and not below it", wait.median));
    }
    Ok(Wait { median_s, sigma: libm::log(f64::from(p90_s) / f64::from(median_s)) / Z90, office })
}

/// Checks what a state with work cannot have: whoever works moves the case, and keeps it until then.
fn fits_work(state: &State) -> Outcome<()> {
    if state.work.is_none() {
        return if state.unseen.is_empty() { Ok(()) } else { Err("`unseen` needs `work`".to_owned()) };
    }
    if state.next.iter().any(|way| way.act.by != By::Assignee) {
        return Err("with `work`, every way out is by the assignee".to_owned());
    }
    let moves = |chance: &During| chance.act.group.is_some() || !matches!(chance.act.owner, Owner::Keep);
    if state.during.iter().any(|chance| chance.response.is_some() || moves(chance)) {
        return Err("with `work`, what happens meanwhile has no `response`, `group` or `owner`".to_owned());
    }
    Ok(())
}

impl Names {
    /// Resolves a category.
    pub(super) fn category(&self, category: &recipe::Category) -> Outcome<Category> {
        if category.subjects.is_empty() {
            return Err(format!("category `{}` has no subjects", category.name));
        }
        Ok(Category {
            name: category.name.clone(),
            weight: category.weight,
            group: find("group", &self.groups, &category.group)?,
            subjects: category.subjects.clone(),
        })
    }

    /// Resolves a state with its ways out and what happens in it.
    pub(super) fn state(&self, state: &recipe::State) -> Outcome<State> {
        let place = |why: String| format!("state `{}`: {why}", state.name);
        if !CLASSES.contains(&state.class.as_str()) {
            return Err(place(format!("class `{}` is none of {}", state.class, CLASSES.join(", "))));
        }
        let next = state.next.iter().map(|way| self.next(way, state).map_err(place)).collect::<Outcome<_>>()?;
        let during =
            state.during.iter().map(|chance| self.during(chance, state).map_err(place)).collect::<Outcome<_>>()?;
        let terminal = state.class == "done" || state.class == "cancelled";
        let work = state.work.as_ref().map(|work| self.work(work).map_err(place)).transpose()?;
        let unseen = state.unseen.iter().map(|unseen| self.unseen(unseen).map_err(place)).collect::<Outcome<_>>()?;
        let resolved =
            State { name: state.name.clone(), class: state.class.clone(), terminal, work, unseen, next, during };
        fits_work(&resolved).map_err(place)?;
        Ok(resolved)
    }

    /// Resolves the work of a state.
    fn work(&self, work: &recipe::Work) -> Outcome<Work> {
        Ok(Work {
            note_every_s: work.note_every.as_deref().map(wall).transpose()?,
            event: work.event.clone().unwrap_or_else(|| "note".to_owned()),
            comment: work.comment.as_ref().map(|kind| find("kind of text", &self.texts, kind)).transpose()?,
        })
    }

    /// Resolves visits that nobody looks at.
    fn unseen(&self, unseen: &recipe::Unseen) -> Outcome<Unseen> {
        Ok(Unseen {
            share: share("share of unseen", unseen.share)?,
            lasts: wait(&unseen.lasts)?,
            when: self.when(&unseen.when)?,
        })
    }

    /// Resolves a way out of a state.
    fn next(&self, way: &recipe::Next, state: &recipe::State) -> Outcome<Next> {
        let work = state.work.as_ref().map(|work| recipe::Wait { median: work.median.clone(), p90: work.p90.clone() });
        let length = way.wait.as_ref().or(work.as_ref()).or(state.wait.as_ref());
        let length = length.ok_or("neither the state nor its way out has a wait")?;
        Ok(Next {
            to: find("state", &self.states, &way.to)?,
            weight: way.weight,
            limit: way.limit.unwrap_or(u32::MAX),
            wait: wait(length)?,
            when: self.when(&way.when)?,
            act: self.act(&way.act, &way.to)?,
        })
    }

    /// Resolves something that may happen during a visit.
    fn during(&self, chance: &recipe::During, state: &recipe::State) -> Outcome<During> {
        let response = |response: &recipe::Response| -> Outcome<(f64, Wait)> {
            Ok((share("p of a response", response.p)?, wait(&response.delay)?))
        };
        Ok(During {
            p: share("p", chance.p)?,
            after: chance.after.as_ref().map(wait).transpose()?,
            response: chance.response.as_ref().map(response).transpose()?,
            when: self.when(&chance.when)?,
            act: self.act(&chance.act, &state.name)?,
        })
    }

    /// Resolves a condition.
    fn when(&self, when: &recipe::When) -> Outcome<When> {
        Ok(When {
            states: find_all("state", &self.states, &when.state)?,
            groups: find_all("group", &self.groups, &when.group)?,
            categories: find_all("category", &self.categories, &when.category)?,
            priorities: find_all("priority", &self.priorities, &when.priority)?,
            flaw: when.flaw.as_ref().map(|flaw| find("flaw", &self.flaws, flaw)).transpose()?,
            elsewhere: when.elsewhere,
        })
    }

    /// Resolves an effect as (condition, factor).
    pub(super) fn effect(&self, effect: &recipe::Effect) -> Outcome<(When, f64)> {
        if !(0.001..=1_000.0).contains(&effect.wait_factor) {
            return Err(format!("wait_factor is {}, must be within 0.001 and 1000", effect.wait_factor));
        }
        Ok((self.when(&effect.when)?, effect.wait_factor))
    }

    /// Resolves a row and what it changes; `place` is for messages.
    pub(super) fn act(&self, act: &recipe::Act, place: &str) -> Outcome<Act> {
        let group = match act.group.as_deref() {
            None => None,
            Some("@category") => Some(Target::OfCategory),
            Some(name) => Some(Target::Group(find("group", &self.groups, name)?)),
        };
        let by = match act.by.as_deref() {
            None | Some("assignee") => By::Assignee,
            Some("member") => By::Member,
            Some("manager") => By::Manager,
            Some("requester") => By::Requester,
            Some("colleague") => By::Colleague,
            Some(bot) => By::Bot(find("bot", &self.bots, bot).map_err(|why| format!("{place}: by = {bot:?}: {why}"))?),
        };
        let owner = match act.owner.as_deref() {
            None if group.is_some() => Owner::None,
            None | Some("keep") => Owner::Keep,
            Some("none") => Owner::None,
            Some("actor") => Owner::Actor,
            Some("member") => Owner::Member,
            Some("manager") => Owner::Manager,
            Some("requester") => Owner::Requester,
            Some(other) => {
                return Err(format!(
                    "{place}: owner `{other}` is none of keep, none, actor, member, manager, requester"
                ));
            }
        };
        Ok(Act {
            event: act.event.clone().unwrap_or_else(|| "status".to_owned()),
            by,
            group,
            owner,
            comment: act.comment.as_ref().map(|kind| find("kind of text", &self.texts, kind)).transpose()?,
            raise_priority: act.raise_priority,
            fixes: act.fixes.as_ref().map(|flaw| find("flaw", &self.flaws, flaw)).transpose()?,
        })
    }

    /// Resolves the status checks.
    pub(super) fn checks(&self, checks: &recipe::StatusChecks) -> Outcome<Checks> {
        if checks.per_case > MOST_CHECKS_PER_CASE {
            return Err(format!(
                "status_checks.per_case is {}, must be at most {MOST_CHECKS_PER_CASE}",
                checks.per_case
            ));
        }
        let reply = |reply: &recipe::Reply| -> Outcome<Reply> {
            Ok(Reply {
                p: share("p of a reply", reply.p)?,
                delay: wait(&reply.delay)?,
                event: reply.event.clone(),
                comment: find("kind of text", &self.texts, &reply.comment)?,
            })
        };
        Ok(Checks {
            per_case: checks.per_case,
            event: checks.event.clone(),
            comment: find("kind of text", &self.texts, &checks.comment)?,
            colleague_share: share("colleague_share", checks.colleague_share)?,
            not_in: find_all("state", &self.states, &checks.not_in)?,
            reply: checks.reply.as_ref().map(reply).transpose()?,
        })
    }
}
