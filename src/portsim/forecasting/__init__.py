"""The room of forecasts: what becomes of the port as it stands, and of each truck inside.

    beginning              a scenario whose period is the coming hours, with who is inside
    futures, counts        many runs from the same beginning, and what is counted in each
    probes                 a truck that would come in each hour
    tables, savings        means, quantiles and probabilities; what a policy saves
    facts, study           what it comes to, as a study with its result folder

Nothing that happened after the minute of the forecast may enter.
"""

from portsim.forecasting.study import Known, forecast, forecast_of, known_of

__all__ = ["Known", "forecast", "forecast_of", "known_of"]
