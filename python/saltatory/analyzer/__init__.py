"""Pictures of results, with the names of bmtk.analyzer."""
