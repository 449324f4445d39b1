//! Breadth-first search: a model in, its first broken law with the shortest way there out. Must not know what a model is
//! about.

use std::collections::{HashSet, VecDeque};
use std::hash::Hash;

/// What can happen, and what must not.
pub trait Model {
    /// Everything that is, small.
    type World: Copy + Eq + Hash;
    /// Where it begins.
    fn first(&self) -> Self::World;
    /// All that can happen next, each with its name.
    fn steps(&self, world: &Self::World) -> Vec<(&'static str, Self::World)>;
    /// The law that a world breaks, with the number of steps that lead out of it.
    fn broken(&self, world: &Self::World, steps: usize) -> Option<&'static str>;
}

/// What a search saw.
#[derive(Debug)]
pub struct Explored {
    /// How many worlds there are, up to the broken law.
    pub worlds: usize,
    /// The first law that doesn't hold.
    pub broken: Option<Broken>,
}

/// A law that doesn't hold.
#[derive(Debug)]
pub struct Broken {
    /// Which one.
    pub law: &'static str,
    /// The names of the steps from the first world to the one that breaks it.
    pub path: Vec<&'static str>,
}

/// Looks at every world that can be reached, the nearest first, up to the first broken law.
pub fn explore<M: Model>(model: &M) -> Explored {
    let first = model.first();
    // For each world that was met: the one it was reached from, and how.
    let mut origins = vec![(0, "")];
    let mut met = HashSet::from([first]);
    let mut todo = VecDeque::from([(0, first)]);
    while let Some((number, world)) = todo.pop_front() {
        let steps = model.steps(&world);
        if let Some(law) = model.broken(&world, steps.len()) {
            return Explored { worlds: origins.len(), broken: Some(Broken { law, path: path(&origins, number) }) };
        }
        for (name, next) in steps {
            if met.insert(next) {
                todo.push_back((origins.len(), next));
                origins.push((number, name));
            }
        }
    }
    Explored { worlds: origins.len(), broken: None }
}

fn path(origins: &[(usize, &'static str)], mut number: usize) -> Vec<&'static str> {
    let mut path = Vec::new();
    while number > 0 {
        let (from, name) = origins[number];
        path.push(name);
        number = from;
    }
    path.reverse();
    path
}
